import Estimator
package import Jobs
import Keras
package import WorkerProtocol

extension OutcomeReport {
    /// The outcome of an attempt that an error ended.
    ///
    /// - Parameter intent: why the job was to stop; nil if it was not.
    package init(of error: any Error, _ intent: StopIntent?) {
        switch error {
        case let error as TrainingError: self.init(of: error, intent)
        case let error as NotFiniteData:
            self.init(of: error.error, intent)
            failure?.message = "\(error)"
        // The system has no room for one more thread.
        case EstimatorError.threadNotStarted:
            self.init(.interrupted, code: MachineError.Kind.resources.rawValue, "\(error)")
        case is EstimatorError, is JobAttemptError: self.init(.userError, "\(error)")
        default: self.init(.crashed, "\(error)")
        }
    }

    private init(of error: TrainingError, _ intent: StopIntent?) {
        switch error {
        case .stopped: self.init(outcome: intent?.outcome ?? .preempted)
        case .notFinite(let step, let variable):
            self.init(.nanLoss, "\(error)")
            endStep = step
            failure?.step = step
            failure?.variable = variable
        case .inputExhausted: self.init(.inputExhausted, "\(error)")
        case .inputFailed, .noCheckpoint, .checkpointMissing, .variableMissing, .variableMismatch, .modelFailed,
            .hostCallFailed:
            self.init(.userError, "\(error)")
        // The machine is at fault, not the job: it is tried again, and that counts against nothing.
        case .machineFailed(let fault): self.init(.interrupted, code: fault.kind.rawValue, "\(error)")
        // This program may be at fault.
        case .modelDirectoryInUse, .checkpointFailed, .executionFailed: self.init(.crashed, "\(error)")
        }
    }

    private init(_ outcome: AttemptOutcome, code: String? = nil, _ message: String) {
        self.init(outcome: outcome, failure: JobFailure(code: code ?? outcome.rawValue, message: message))
    }
}
