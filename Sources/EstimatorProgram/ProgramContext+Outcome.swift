import Estimator
import Jobs
import Keras
import Worker
import WorkerProtocol

extension ProgramContext {
    /// Runs the program's closure, and says how that went.
    func report(_ body: (ModelParameters, ProgramContext) async throws -> Void) async -> OutcomeReport {
        do {
            try await body(attempt.definition.params, self)
        } catch let error where Self.isOfEstimator(error) {
            return failed(error)
        } catch {
            // A program may have its own words for an estimator that was stopped.
            return isStopRequested ? stopped : failed(error)
        }
        return isUnfinished ? stopped : succeeded
    }

    /// Whether the training was cut, though the program has not said so.
    private var isUnfinished: Bool {
        guard isStopRequested, mode == .train || mode == .trainAndEvaluate else { return false }
        return maxSteps.map { (observer.reached?.step ?? 0) < $0 } ?? true
    }

    private var succeeded: OutcomeReport {
        // One that trained nothing has run, too.
        observer.started(step: 0, target: nil)
        let reached = observer.reached
        log("Ended at step \(reached?.step ?? 0)\(reached?.loss.map { ": loss = \($0)" } ?? "").")
        return OutcomeReport(
            outcome: .succeeded, endStep: reached?.step, loss: reached?.loss, evaluation: observer.outcome,
            predictions: predictions.map { CheckpointFile(name: $0.name, bytes: $0.bytes, sha256: $0.sha256) })
    }

    private var stopped: OutcomeReport { failed(TrainingError.stopped) }

    private func failed(_ error: any Error) -> OutcomeReport {
        // What the program throws of its own is its own fault, and would be thrown again.
        var report = OutcomeReport(
            of: NotFiniteData.explaining(error, attempt.notFiniteData), session.stop.intent, otherwise: .userError)
        if case TrainingError.stopped = error {
            report.endStep = observer.reached?.step
            report.loss = observer.reached?.loss
        }
        return report
    }

    private static func isOfEstimator(_ error: any Error) -> Bool {
        error is TrainingError || error is EstimatorError || error is JobAttemptError
    }
}
