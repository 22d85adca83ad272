package import Jobs

/// A change of a job's state: a compare-and-set on its version with its event in the same transaction.
package struct StateChange: Hashable, Sendable {
    /// The job.
    package var job: JobID
    /// The version that the decision was made on.
    package var version: Int
    /// The change.
    package var move: JobMachine.Move
    /// When it happened.
    package var at: Timestamp
    /// When the worker is killed; for a move to STOPPING, where nil means at once.
    package var stopDeadline: Timestamp?
    /// What went wrong; for FAILED, where nil becomes a failure with the move's reason as its code.
    package var failure: JobFailure?
    /// What came of it, as JSON; for SUCCEEDED.
    package var result: String?
    /// How far it is, as JSON; nil leaves what is stored.
    package var progress: String?
    /// More about it in words, for its event; nil: nothing.
    package var message: String?
    /// The step that the worker began at; for RUNNING, where nil leaves the live attempt's as it is.
    package var startStep: Int?

    /// Makes a change; what is not given is nil.
    package init(
        job: JobID, version: Int, move: JobMachine.Move, at: Timestamp, stopDeadline: Timestamp? = nil,
        failure: JobFailure? = nil, result: String? = nil, progress: String? = nil, message: String? = nil,
        startStep: Int? = nil
    ) {
        self.job = job
        self.version = version
        self.move = move
        self.at = at
        self.stopDeadline = stopDeadline
        self.failure = failure
        self.result = result
        self.progress = progress
        self.message = message
        self.startStep = startStep
    }
}

/// The start of an attempt: the job goes from QUEUED to STARTING and holds its cores.
package struct AttemptStart: Hashable, Sendable {
    /// The job.
    package var job: JobID
    /// The version that the decision was made on.
    package var version: Int
    /// The cores that it holds from now on.
    package var placement: Placement
    /// The global step that it begins at: that of the checkpoint it goes on from, or 0.
    package var startStep: Int
    /// The step to stop at; what is stored already stays.
    package var targetStep: Int?
    /// When it happened.
    package var at: Timestamp

    /// Makes a start; without a target unless given.
    package init(
        job: JobID, version: Int, placement: Placement, startStep: Int, targetStep: Int? = nil, at: Timestamp
    ) {
        self.job = job
        self.version = version
        self.placement = placement
        self.startStep = startStep
        self.targetStep = targetStep
        self.at = at
    }
}

/// The end of an attempt and what it means for its job, in one transaction.
package struct AttemptFinish: Hashable, Sendable {
    /// The attempt's number.
    package var attempt: Int
    /// How it ended.
    package var end: AttemptEnd
    /// The global step that it ended at.
    package var endStep: Int
    /// How long it ran, in seconds of a clock that never goes back.
    package var secondsRun: Double
    /// What went wrong in this attempt. An end by a condition of the machine gets that as its code.
    package var failure: JobFailure?
    /// What becomes of the job.
    package var change: StateChange

    /// Makes an end; without a failure unless given.
    package init(
        attempt: Int, end: AttemptEnd, endStep: Int, secondsRun: Double, failure: JobFailure? = nil,
        change: StateChange
    ) {
        self.attempt = attempt
        self.end = end
        self.endStep = endStep
        self.secondsRun = secondsRun
        self.failure = failure
        self.change = change
        if let condition = end.condition {
            self.failure = JobFailure(
                code: condition.rawValue, message: failure?.message ?? "the machine ended the attempt",
                step: failure?.step, variable: failure?.variable)
        }
    }

    /// What is stored instead of an end that the database refuses: the job failed, and how it was refused.
    func refused(_ error: StoreError) -> AttemptFinish {
        let failure = JobFailure(
            code: StateReason.internal.rawValue,
            message:
                "what came of attempt \(attempt) (\(end.outcome.rawValue)) could not be stored: \(error.description)")
        return AttemptFinish(
            attempt: attempt, end: AttemptEnd(outcome: end.outcome, ranStep: end.ranStep), endStep: max(0, endStep),
            secondsRun: secondsRun.isFinite ? secondsRun : 0, failure: failure,
            change: StateChange(
                job: change.job, version: change.version,
                move: JobMachine.Move(to: .failed, reason: .internal), at: change.at, failure: failure))
    }
}
