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
        if let answer = page.answer(at: pageMoment, now: clock.wall()) { return answer }
        return page.jobs.count <= Self.fewJobs ? makeAnswer(of: page) : nil
    }

    /// The answer of a page, and the ids of jobs that belong there and can't be read. A first page without such is kept.
    /// - Parameter after: The job after which it begins; nil for the first page.
    func answer(
        of key: KnownPage.Key, after: JobID?
    ) async throws -> (response: Response, unreadable: [String]) {
        if after == nil, let page = known.page(key) { return (try await DiskWork.run { makeAnswer(of: page) }, []) }
        let stamp = known.stamp
        let read = try await store.list(key.filter, limit: key.limit, after: after)
        let page = KnownPage(known.jobs(of: read, read: stamp), next: read.next)
        let answer = try await DiskWork.run { makeAnswer(of: page) }
        if after == nil, read.unreadable.isEmpty { known.keep(page, as: key, read: stamp) }
        return (answer, read.unreadable)
    }

    private func makeAnswer(of page: KnownPage) -> Response {
        // As of before anything of it is looked at: what changes meanwhile makes it be made anew.
        let (moment, now) = (pageMoment, clock.wall())
        let (notice, reports) = (pending.notice, progress.reports)
        return page.makeAnswer(at: moment, now: now) { job, position in
            let pending = position.map { notice.view(of: .init(job.record, now: now), position: $0, now: now) }
            return JobMoment(of: job.record, pending: pending, report: reports[job.record.id])
        }
    }

    /// So many jobs are shown anew on the reactor's thread.
    private static let fewJobs = 64

    private var pageMoment: KnownPage.Moment { .init(pending: pending.changes, progress: progress.changes) }

    // MARK: What is not in the database

    /// What of a job is not in the database.
    /// - Parameter position: Its place in the queue; nil for one that does not wait.
    func moment(of job: JobRecord, _ position: Int?) -> JobMoment {
        let now = clock.wall()
        let notice = pending.notice
        return JobMoment(
            of: job, pending: position.map { notice.view(of: .init(job, now: now), position: $0, now: now) },
            report: progress[job.id])
    }
}

/// A job and the answer of 200 that shows it.
struct JobAnswer: Sendable {
    let record: JobRecord
    let response: Response
}
