/// How often a job may be tried again (`retry` of the job spec).
package struct RetryPolicy: Hashable, Sendable {
    /// How many attempts may end with an outcome that counts before the job has failed; default 4.
    package var maxAttempts: Int
    /// How long the job waits after such an attempt, in seconds; default 5.
    package var backoffSeconds: Double

    /// Makes a policy; the defaults are the contract's.
    package init(maxAttempts: Int = 4, backoffSeconds: Double = 5) {
        self.maxAttempts = maxAttempts
        self.backoffSeconds = backoffSeconds
    }
}

/// What an ended attempt leaves behind for the decision about the next one.
package struct AttemptEnd: Hashable, Sendable {
    /// How it ended.
    package var outcome: AttemptOutcome
    /// Whether it ran at least one step.
    package var ranStep: Bool
    /// Whether the daemon's or the machine's own end ended it: such an attempt says nothing about the job.
    package var byDaemonsEnd: Bool
    /// What of the machine ended an attempt as INTERRUPTED; nil for every other end.
    package var condition: MachineCondition?

    /// Makes the end of an attempt; `byDaemonsEnd` is false and `condition` nil unless said otherwise.
    package init(
        outcome: AttemptOutcome, ranStep: Bool, byDaemonsEnd: Bool = false, condition: MachineCondition? = nil
    ) {
        self.outcome = outcome
        self.ranStep = ranStep
        self.byDaemonsEnd = byDaemonsEnd
        self.condition = condition
    }
}

/// What becomes of a job whose attempt has ended (contract section 3).
package enum RetryDecision: Hashable, Sendable {
    /// The job ends in this final state; the reason goes to `state_reason`.
    case finish(JobState, reason: StateReason?)
    /// The job waits so many seconds in RETRY_WAIT.
    case wait(seconds: Double)
    /// The job goes straight back to QUEUED.
    case requeue
    /// The job goes to PAUSED.
    case pause

    /// This many attempts in a row without a step end a job as FAILED with `NO_PROGRESS`.
    package static let attemptsWithoutStep = 5

    /// What becomes of a job whose attempt has ended.
    ///
    /// - Parameters:
    ///   - ended: The attempt that has just ended.
    ///   - earlier: The job's earlier attempts, oldest first.
    ///   - policy: The job's own.
    ///   - intent: Why the job was stopping; nil when nobody had asked. What the job did by itself (it succeeded,
    ///     its definition is wrong) prevails over any stop request; otherwise the stop request decides where it lands.
    package static func after(
        _ ended: AttemptEnd, earlier: [AttemptEnd], policy: RetryPolicy, intent: StopIntent? = nil
    ) -> RetryDecision {
        if case .ends(let state) = ended.outcome.consequence {
            return .finish(state, reason: StateReason(ending: ended.outcome))
        }
        switch intent?.landing {
        case .paused: return .pause
        case .some(let state) where state.isFinal: return .finish(state, reason: nil)
        default: break
        }
        if ended.outcome.consequence == .pauses { return .pause }
        let all = earlier + [ended]
        if ended.condition != nil {
            let inARow = all.reversed().prefix { $0.condition != nil }.count
            return .wait(seconds: MachineCondition.backoffSeconds(after: inARow))
        }
        if ended.outcome.counts, all.count(where: { $0.outcome.counts }) >= policy.maxAttempts {
            return .finish(.failed, reason: .maxAttempts)
        }
        if madeNoProgress(all) { return .finish(.failed, reason: .noProgress) }
        return ended.outcome.counts ? .wait(seconds: policy.backoffSeconds) : .requeue
    }

    /// Whether the last `attemptsWithoutStep` attempts that say something about the job all ran no step. Attempts
    /// that the daemon's end, the machine's condition or their owner's pause ended say nothing.
    private static func madeNoProgress(_ attempts: [AttemptEnd]) -> Bool {
        let telling = attempts.filter { !$0.byDaemonsEnd && $0.condition == nil && $0.outcome != .paused }
        return telling.count >= attemptsWithoutStep
            && telling.suffix(attemptsWithoutStep).allSatisfy { !$0.ranStep }
    }
}

/// A word about why a job is in its state (`state_reason`).
package struct StateReason: RawRepresentable, Hashable, Sendable {
    /// The word, upper-case.
    package let rawValue: String

    /// Makes a reason from its word.
    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The reason of a job that an outcome ended at once: the outcome's own name; nil for one that was not an error.
    package init?(ending outcome: AttemptOutcome) {
        guard outcome.consequence == .ends(.failed) else { return nil }
        self.init(rawValue: outcome.rawValue)
    }

    /// Too many attempts in a row ran no step.
    package static let noProgress = StateReason(rawValue: "NO_PROGRESS")
    /// Too many attempts ended with an outcome that counts.
    package static let maxAttempts = StateReason(rawValue: "MAX_ATTEMPTS")
    /// Its evaluations ended its training before the last step, as `early_stopping` says.
    package static let stoppedEarly = StateReason(rawValue: "STOPPED_EARLY")
    /// The daemon could not store what came of the job.
    package static let `internal` = StateReason(rawValue: "INTERNAL")
}
