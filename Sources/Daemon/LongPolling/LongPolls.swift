package import HTTP
package import Jobs
package import Reactor
package import Store
import Synchronization

/// The requests that wait for a change of a job. Each costs one small object and, while nothing changes, nothing else.
///
/// A change is announced by the job's id. Then the job is read once for all who wait for it and its answer is made once;
/// they are answered some at a time, so that other requests come between.
// @unchecked: all but the atomic count is touched on the reactor's thread alone.
package final class LongPolls: @unchecked Sendable {
    /// What they need of the daemon.
    package struct Source: Sendable {
        /// Reads a job; throws what `problem` can tell when there is none.
        var look: @Sendable (JobID) async throws -> JobRecord
        /// The answer of 200 that shows a job.
        var response: @Sendable (JobRecord) async throws -> Response
        /// The answer when a job could not be read.
        var problem: @Sendable (any Error) -> Response
        /// Whether everybody is to be answered with the job as it is.
        var isDraining: @Sendable () -> Bool

        /// Makes it of its members.
        package init(
            look: @escaping @Sendable (JobID) async throws -> JobRecord,
            response: @escaping @Sendable (JobRecord) async throws -> Response,
            problem: @escaping @Sendable (any Error) -> Response, isDraining: @escaping @Sendable () -> Bool
        ) {
            self.look = look
            self.response = response
            self.problem = problem
            self.isDraining = isDraining
        }
    }

    /// How many are answered in one turn of the reactor at most; fewer where they take long.
    private static let slice = 32

    let reactor: EventLoop
    private let source: Source
    private var polls: [JobID: [LongPoll]] = [:]
    /// The jobs that have to be looked at.
    private var changed: Set<JobID> = []
    private var isServing = false
    private let waiting = Atomic(0)

    /// Nobody waits yet.
    package init(reactor: EventLoop, source: Source) {
        self.reactor = reactor
        self.source = source
    }

    /// How many wait; from anywhere.
    package var count: Int { waiting.load(ordering: .relaxed) }

    /// A job has changed. From anywhere; does not wait.
    package func announce(_ job: JobID) {
        reactor.perform { [self] in
            if polls[job] != nil { lookAgain(at: job) }
        }
    }

    /// Makes everybody's job be looked at. From anywhere.
    package func announceAll() {
        reactor.perform { [self] in
            for job in polls.keys { lookAgain(at: job) }
        }
    }

    // MARK: On the reactor

    /// Whether nothing is being looked at.
    package var isQuiet: Bool { !isServing && changed.isEmpty }

    /// Adds one that waits from now on. Its job may have changed since it was read: it is looked at once more.
    func add(_ poll: LongPoll) {
        poll.index = polls[poll.job]?.count ?? 0
        polls[poll.job, default: []].append(poll)
        waiting.add(1, ordering: .relaxed)
        lookAgain(at: poll.job)
    }

    /// Takes one out; nothing happens when it is not there any more.
    func remove(_ poll: LongPoll) {
        guard let index = poll.index, let last = polls[poll.job]?.popLast() else { return }
        if last !== poll {
            polls[poll.job]?[index] = last
            last.index = index
        }
        poll.index = nil
        if polls[poll.job]?.isEmpty == true { polls[poll.job] = nil }
        waiting.subtract(1, ordering: .relaxed)
    }

    /// Sees to it that a job is looked at.
    func lookAgain(at job: JobID) {
        changed.insert(job)
        guard !isServing else { return }
        isServing = true
        Task(executorPreference: reactor) { [self] in
            while let job = changed.popFirst() { await serve(job) }
            isServing = false
        }
    }

    /// Looks at a job and answers those for whom it is time.
    private func serve(_ job: JobID) async {
        let record: JobRecord
        let response: Response
        let isForAll: Bool
        do {
            record = try await source.look(job)
            isForAll = source.isDraining()
            guard polls[job]?.contains(where: { isForAll || $0.isAnswered(by: record) }) == true else { return }
            response = try await source.response(record)
        } catch {
            return await answer(polls[job] ?? [], nil, source.problem(error))
        }
        let due = (polls[job] ?? []).filter { isForAll || $0.isAnswered(by: record) }
        await answer(due, record, response)
    }

    private func answer(_ due: [LongPoll], _ record: JobRecord?, _ response: Response) async {
        var answered = 0
        // Some may have gone while others were answered.
        for poll in due where poll.index != nil {
            remove(poll)
            poll.answer(record, response)
            answered += 1
            if answered % Self.slice == 0 || reactor.isTurnLong { await Task.yield() }
        }
    }
}
