import Estimator
package import Jobs
import Keras
package import WorkerProtocol

extension OutcomeReport {
    /// The outcome of an attempt that an error ended.
    ///
    /// - Parameters:
    ///   - intent: why the job was to stop; nil if it was not.
    ///   - otherwise: what an error means that is none of the estimator's. Default: this program is at fault.
    package init(of error: any Error, _ intent: StopIntent?, otherwise: AttemptOutcome = .crashed) {
        switch error {
        case let error as TrainingError: self.init(of: error, intent)
        case let error as NotFiniteData:
            self.init(of: error.error, intent)
            failure?.message = "\(error)"
        // The system has no room for one more thread.
        case EstimatorError.threadNotStarted:
            self.init(.interrupted, code: MachineError.Kind.resources.rawValue, "\(error)")
        case is EstimatorError, is JobAttemptError: self.init(.userError, "\(error)")
        default: self.init(otherwise, "\(error)")
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

    /// Takes the server's folders, which are none of the owner's business, out of the message, and writes it to the job's log.
    package mutating func tell(_ sender: ReportSender, _ assignment: Assignment) {
        guard var failure else { return }
        failure.message = failure.message.replacing(assignment.modelDirectory, with: "model_dir")
        for root in assignment.dataRoots where root.count > 1 {
            failure.message = failure.message.replacing(root, with: "data_root")
        }
        self.failure = failure
        sender.say("ERROR", "\(outcome.rawValue): \(failure.message)")
    }

    private init(_ outcome: AttemptOutcome, code: String? = nil, _ message: String) {
        self.init(outcome: outcome, failure: JobFailure(code: code ?? outcome.rawValue, message: message))
    }
}
