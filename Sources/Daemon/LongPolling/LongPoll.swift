import API
package import HTTP
import HTTPTypes
package import Jobs
package import Reactor
package import Store

/// A request that waits for a change of a job.
// @unchecked: touched on the reactor's thread alone.
package final class LongPoll: HeldAnswer, @unchecked Sendable {
    /// What it waits for.
    package enum Goal: Equatable, Sendable {
        /// A version above this one, or a final state.
        case version(above: Int)
        /// A final state.
        case final
    }

    let job: JobID
    private let goal: Goal
    private let ifNoneMatch: String?
    private let deadline: MonotonicInstant
    private let isPretty: Bool
    private let polls: LongPolls
    private var exchange: HeldExchange?
    private var alarm: TimerToken?
    private var isDue = false
    /// Where it is among those of its job; nil when it is not.
    var index: Int?

    /// A request that does not wait yet.
    /// - Parameters:
    ///   - ifNoneMatch: The request's field: the answer is 304 when it names the job's version.
    ///   - deadline: The answer is the job as it is then.
    ///   - isPretty: Whether the answer is indented; default false.
    package init(
        job: JobID, goal: Goal, ifNoneMatch: String?, deadline: MonotonicInstant, isPretty: Bool = false,
        among polls: LongPolls
    ) {
        self.job = job
        self.goal = goal
        self.ifNoneMatch = ifNoneMatch
        self.deadline = deadline
        self.isPretty = isPretty
        self.polls = polls
    }

    /// Whether it is time to answer with `record`.
    package func isAnswered(by record: JobRecord) -> Bool {
        if isDue || record.state.isFinal { return true }
        guard case .version(let known) = goal else { return false }
        return record.version > known
    }

    /// Answers: with `response`, or with 304 when the client has this version of the job.
    func answer(_ record: JobRecord?, _ response: Response) {
        guard let exchange else { return }
        release()
        if let record, let ifNoneMatch, EntityTag.ifNoneMatch(ifNoneMatch, names: record.version) {
            return exchange.answer(.notModified(version: record.version))
        }
        guard isPretty else { return exchange.answer(response) }
        // A job may have a large specification.
        Task(executorPreference: polls.reactor) {
            // What is not indented is an answer, too.
            exchange.answer((try? await DiskWork.run { response.indented }) ?? response)
        }
    }

    private func release() {
        exchange = nil
        if let alarm { polls.reactor.cancel(alarm) }
        alarm = nil
    }

    // MARK: HeldAnswer

    /// Waits from now on.
    package func begin(_ exchange: HeldExchange) {
        self.exchange = exchange
        alarm = polls.reactor.schedule(at: deadline) { [unowned self] in
            alarm = nil
            isDue = true
            polls.lookAgain(at: job)
        }
        polls.add(self)
    }

    /// An answer that is not there has nothing to go on with.
    package func roomAgain() {}

    /// Waits no longer.
    package func gone() {
        release()
        polls.remove(self)
    }
}
