import API
import Formats
import HTTP
import HTTPTypes
import Jobs
import Store

/// Reads jobs and shows them as their resource.
struct JobReader: Sendable {
    let store: Store
    let pending: PendingBoard
    let progress: ProgressBoard
    let clock: DaemonClock

    /// Bytes of a specification that is read and written again on the reactor's own thread.
    private static let smallSpecification = 1 << 14

    /// A job.
    /// - Throws: `Problem` of 404; `StoreError`.
    func job(_ id: JobID) async throws -> JobRecord {
        guard let record = try await store.job(id) else { throw Problem.noSuchJob(id.description) }
        return record
    }

    /// Why those of the jobs that wait do so.
    func pending(of records: [JobRecord]) async throws(StoreError) -> [JobID: PendingView] {
        let positions = try await store.positions(of: records)
        let now = clock.wall()
        var views: [JobID: PendingView] = [:]
        for record in records {
            guard let position = positions[record.id] else { continue }
            views[record.id] = pending.view(of: .init(record, now: now), position: position, now: now)
        }
        return views
    }

    /// A job with its specification and its entity tag.
    func response(_ record: JobRecord, status: HTTPResponse.Status = .ok) async throws -> Response {
        var record = record
        if record.spec == nil { record.spec = try await store.specification(of: record.id) }
        let view = JobView(
            record, pending: try await pending(of: [record])[record.id], running: progress[record.id])
        // A specification may have megabytes; most have some hundred bytes, for which the way there and back costs more.
        let bytes =
            record.spec?.utf8.count ?? 0 <= Self.smallSpecification
            ? view.wire.serialized() : try await DiskWork.run { view.wire.serialized() }
        var response = Response.json(bytes + [10], status: status)
        response.fields[.eTag] = EntityTag.of(version: record.version)
        return response
    }
}
