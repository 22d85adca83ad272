package import Jobs

/// What a worker tells the daemon.
package enum WorkerReport: Sendable, Equatable {
    /// It runs: the graph is built, the variables are there.
    case started(startStep: Int, targetStep: Int?)
    /// It lives, and its threads have taken so many seconds of processor time since it began.
    case heartbeat(workSeconds: Double)
    /// How far it is; sent after a device loop, a few times a second at most.
    case progress(JobProgress)
    /// Points of one series, new ones or those that belong to the checkpoint which the attempt goes on from: whoever has
    /// these already has the same. Sent a few times a second at most.
    case series(name: String, points: [SeriesPoint])
    /// It wrote to the job's log, which now has so many bytes.
    case log(bytes: Int)
    /// A checkpoint is complete on disk.
    case checkpoint(CheckpointReport)
    /// The checkpoint at a step is not what was written, and is passed over: a sentence without its full stop.
    case damaged(step: Int, detail: String)
    /// An evaluation is done: its numbers by name.
    case evaluation(step: Int, values: [String: Double?])
    /// The checkpoints at these steps stay as the best ones, the best first, and no others that did.
    case best(steps: [Int])
    /// It has ended; nothing follows.
    case outcome(OutcomeReport)
}

/// One point of a series.
package struct SeriesPoint: Sendable, Equatable {
    /// The global step.
    package var step: Int
    /// The value; nil when it is not finite.
    package var value: Double?
    /// When it was made, in seconds since 1970; nil for one that was reported before, by an attempt that ended before the
    /// daemon took note of it.
    package var unixSeconds: Double?

    /// Makes it of its members.
    package init(step: Int, value: Double?, unixSeconds: Double?) {
        self.step = step
        self.value = value
        self.unixSeconds = unixSeconds
    }
}

/// A checkpoint that is complete on disk.
package struct CheckpointReport: Sendable, Equatable {
    /// The global step whose values it holds.
    package var step: Int
    /// Its files.
    package var files: [CheckpointFile]
    /// Why it was written, a word or two.
    package var keptBecause: String

    /// Makes it of its members.
    package init(step: Int, files: [CheckpointFile], keptBecause: String) {
        self.step = step
        self.files = files
        self.keptBecause = keptBecause
    }
}

/// How a worker ended.
package struct OutcomeReport: Sendable, Equatable {
    /// How it ended.
    package var outcome: AttemptOutcome
    /// The global step of the last checkpoint or of the end; nil when it never began.
    package var endStep: Int?
    /// The loss of the last step; nil when not finite or none.
    package var loss: Double?
    /// The last evaluation's numbers by name, with `global_step`; nil without one.
    package var evaluation: [String: Double?]?
    /// Why the evaluations ended the training before its last step: a sentence; nil when they did not.
    package var stoppedEarly: String?
    /// The file of predictions in the model's folder; nil where nothing was predicted.
    package var predictions: CheckpointFile?
    /// What went wrong; nil when nothing did.
    package var failure: JobFailure?

    /// All of it; what is not given is nil.
    package init(
        outcome: AttemptOutcome, endStep: Int? = nil, loss: Double? = nil, evaluation: [String: Double?]? = nil,
        stoppedEarly: String? = nil, predictions: CheckpointFile? = nil, failure: JobFailure? = nil
    ) {
        self.predictions = predictions
        self.stoppedEarly = stoppedEarly
        self.outcome = outcome
        self.endStep = endStep
        self.loss = loss
        self.evaluation = evaluation
        self.failure = failure
    }
}
