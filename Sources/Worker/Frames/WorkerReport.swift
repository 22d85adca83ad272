package import Jobs

/// What a worker tells the daemon.
package enum WorkerReport: Sendable, Equatable {
    /// It runs: the graph is built, the variables are there.
    case started(startStep: Int, targetStep: Int?)
    /// It lives, and its threads have taken so many seconds of processor time since it began.
    case heartbeat(workSeconds: Double)
    /// How far it is; sent after a device loop, a few times a second at most.
    case progress(ProgressReport)
    /// One point of a series.
    case metric(name: String, step: Int, value: Double?, unixSeconds: Double)
    /// It wrote to the job's log, which now has so many bytes.
    case log(bytes: Int)
    /// A checkpoint is complete on disk.
    case checkpoint(CheckpointReport)
    /// An older checkpoint was removed from the disk.
    case removed(step: Int)
    /// An evaluation is done: its numbers by name.
    case evaluation(step: Int, values: [String: Double?])
    /// It has ended; nothing follows.
    case outcome(OutcomeReport)
}

/// How far a worker is.
package struct ProgressReport: Sendable, Equatable {
    /// Steps done since the job's first attempt began.
    package var globalStep: Int
    /// The step to stop at; nil when the input's end decides.
    package var targetStep: Int?
    /// The loss of the last step on core 0; nil when it is not finite or there is none.
    package var loss: Double?
    /// Steps per second over the last loops; nil before the first.
    package var stepsPerSecond: Double?
    /// Examples per second over the last loops; nil before the first.
    package var examplesPerSecond: Double?
    /// The share of the loop's time that the device waited for data, 0 to 1.
    package var infeedWaitFraction: Double?
    /// Seconds to the end at that speed; nil when unknown.
    package var etaSeconds: Double?

    /// All of it; the optional ones default to nil.
    package init(
        globalStep: Int, targetStep: Int? = nil, loss: Double? = nil, stepsPerSecond: Double? = nil,
        examplesPerSecond: Double? = nil, infeedWaitFraction: Double? = nil, etaSeconds: Double? = nil
    ) {
        self.globalStep = globalStep
        self.targetStep = targetStep
        self.loss = loss
        self.stepsPerSecond = stepsPerSecond
        self.examplesPerSecond = examplesPerSecond
        self.infeedWaitFraction = infeedWaitFraction
        self.etaSeconds = etaSeconds
    }
}

/// A checkpoint that is complete on disk.
package struct CheckpointReport: Sendable, Equatable {
    /// A file of it.
    package struct File: Sendable, Equatable {
        /// The name inside the checkpoint's folder.
        package var name: String
        /// Its length.
        package var bytes: Int
        /// Its SHA-256, 64 lower-case hexadecimal digits.
        package var sha256: String

        /// All of it.
        package init(name: String, bytes: Int, sha256: String) {
            self.name = name
            self.bytes = bytes
            self.sha256 = sha256
        }
    }

    /// The global step whose values it holds.
    package var step: Int
    /// Its files.
    package var files: [File]
    /// Why it was written, a word or two.
    package var keptBecause: String

    /// All of it.
    package init(step: Int, files: [File], keptBecause: String) {
        self.step = step
        self.files = files
        self.keptBecause = keptBecause
    }
}

/// How a worker ended.
package struct OutcomeReport: Sendable, Equatable {
    /// What went wrong.
    package struct Failure: Sendable, Equatable {
        /// A word, upper-case: the outcome's name or a finer one.
        package var code: String
        /// A sentence without absolute paths.
        package var message: String
        /// The step that it belongs to, if it belongs to one.
        package var step: Int?
        /// The variable that it belongs to, if it belongs to one.
        package var variable: String?

        /// All of it.
        package init(code: String, message: String, step: Int? = nil, variable: String? = nil) {
            self.code = code
            self.message = message
            self.step = step
            self.variable = variable
        }
    }

    /// How it ended.
    package var outcome: AttemptOutcome
    /// The global step of the last checkpoint or of the end; nil when it never began.
    package var endStep: Int?
    /// The loss of the last step; nil when not finite or none.
    package var loss: Double?
    /// The last evaluation's numbers by name, with `global_step`; nil without one.
    package var evaluation: [String: Double?]?
    /// What went wrong; nil when nothing did.
    package var failure: Failure?

    /// All of it; what is not given is nil.
    package init(
        outcome: AttemptOutcome, endStep: Int? = nil, loss: Double? = nil, evaluation: [String: Double?]? = nil,
        failure: Failure? = nil
    ) {
        self.outcome = outcome
        self.endStep = endStep
        self.loss = loss
        self.evaluation = evaluation
        self.failure = failure
    }
}
