import API
import Formats
import HTTP
import HTTPTypes
import Jobs
import Store

/// Reads jobs and shows them as their resource.
struct JobReader: Sendable {
    let store: JobStore
    let pending: PendingBoard
    let progress: ProgressBoard
    let clock: DaemonClock

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
        let bytes = record.spec.map { view.serialized(spec: $0.utf8) } ?? view.wire.serialized()
        var response = Response.json(bytes + [10], status: status)
        response.fields[.eTag] = EntityTag.of(version: record.version)
        return response
    }
}
