import API
import Formats
import HTTP
import HTTPTypes
import Jobs
import Store

/// Reads jobs and shows them as their resource.
struct JobReader: Sendable {
    let store: JobStore
    let known: KnownJobs
    let pending: PendingBoard
    let progress: ProgressBoard
    let clock: DaemonClock

    /// A job.
    /// - Throws: `Problem` of 404; `StoreError`.
    func job(_ id: JobID) async throws -> JobRecord {
        if let record = known.record(of: id) { return record }
        guard let record = try await store.job(id) else { throw Problem.noSuchJob(id.description) }
        return record
    }

    // MARK: One job

    /// A job that is known with its answer; nil where it has to be read. Does not wait.
    func knownAnswer(of id: JobID) -> JobAnswer? {
        guard let (job, position) = known.placed(id), let answer = job.answer(at: moment(of: job.record, position))
        else { return nil }
        return JobAnswer(record: job.record, response: answer)
    }

    /// A job with its answer.
    /// - Throws: `Problem` of 404; `StoreError`.
    func answer(of id: JobID) async throws -> JobAnswer {
        if let known = knownAnswer(of: id) { return known }
        let stamp = known.stamp
        guard let read = try await store.placedJob(id) else { throw Problem.noSuchJob(id.description) }
        let job = KnownJob(read.job)
        guard let answer = job.answer(at: moment(of: job.record, read.position)) else {
            preconditionFailure("a placed job is read with its specification")
        }
        known.keep(job, position: read.position, read: stamp)
        return JobAnswer(record: job.record, response: answer)
    }

    /// The answer that shows a job as it was written or read, with its specification and its entity tag.
    func response(_ record: JobRecord, status: HTTPResponse.Status = .ok) async throws -> Response {
        var record = record
        if record.spec == nil { record.spec = try await store.specification(of: record.id) }
        let position = try await store.positions(of: [record])[record.id]
        let moment = moment(of: record, position)
        let view = JobView(record, pending: moment.pending, running: moment.progress)
        let bytes = record.spec.map { view.serialized(spec: $0.utf8) } ?? view.wire.serialized()
        var response = Response.json(bytes + [10], status: status)
        response.fields[.eTag] = EntityTag.of(version: record.version)
        return response
    }

    // MARK: Lists

    /// The answer of a first page that is known; nil where it has to be read, or is large and was not shown as it is now. Does not
    /// wait.
    func knownAnswer(of key: KnownPage.Key) -> Response? {
        guard let page = known.page(key) else { return nil }
        let (moment, now) = (pageMoment, clock.wall())
        if let answer = page.answer(at: moment, now: now) { return answer }
        guard page.jobs.count <= Self.fewJobs else { return nil }
        return page.makeAnswer(at: moment, now: now) { self.moment(of: $0.record, $1, now: now) }
    }

    /// The answer of a first page, and the ids of jobs that belong there and can't be read. Where there are some, it is not kept.
    func answer(of key: KnownPage.Key) async throws -> (response: Response, unreadable: [String]) {
        if let page = known.page(key) { return (try await answer(of: page), []) }
        let stamp = known.stamp
        let read = try await store.list(key.filter, limit: key.limit)
        let page = KnownPage(known.jobs(of: read, read: stamp), next: read.next)
        let answer = try await answer(of: page)
        if read.unreadable.isEmpty { known.keep(page, as: key, read: stamp) }
        return (answer, read.unreadable)
    }

    private func answer(of page: KnownPage) async throws -> Response {
        try await DiskWork.run { [self] in
            let (moment, now) = (pageMoment, clock.wall())
            return page.makeAnswer(at: moment, now: now) { self.moment(of: $0.record, $1, now: now) }
        }
    }

    /// So many jobs are shown anew on the reactor's thread.
    private static let fewJobs = 64

    private var pageMoment: KnownPage.Moment { .init(pending: pending.changes, progress: progress.changes) }

    // MARK: What is not in the database

    /// What of a job is not in the database.
    /// - Parameter position: Its place in the queue; nil for one that does not wait.
    func moment(of job: JobRecord, _ position: Int?) -> JobMoment { moment(of: job, position, now: clock.wall()) }

    private func moment(of job: JobRecord, _ position: Int?, now: Timestamp) -> JobMoment {
        JobMoment(
            pending: position.flatMap { pending.view(of: .init(job, now: now), position: $0, now: now) },
            progress: progress[job.id])
    }
}

/// A job and the answer of 200 that shows it.
struct JobAnswer: Sendable {
    let record: JobRecord
    let response: Response
}
