import Estimator
import Jobs
import Keras
package import WorkerProtocol

/// Runs an assignment with the estimator.
package struct TrainingRunner: JobRunner {
    /// Seconds to wait for the model folder: a worker that was killed may take a moment to be gone.
    private let patience: Double
    private let limitMemory: @Sendable (Int) -> Void

    /// - Parameters:
    ///   - patience: default 10 s.
    ///   - limitMemory: Limits this process's private memory to so many bytes; default nothing, as the limit holds for
    ///     all of the process.
    package init(patience: Double = 10, limitMemory: @escaping @Sendable (Int) -> Void = { _ in }) {
        self.patience = patience
        self.limitMemory = limitMemory
    }

    /// Builds the model, trains it, evaluates it or predicts with it, and says how that went.
    package func run(_ assignment: Assignment, sender: ReportSender, stop: StopRequest) -> OutcomeReport {
        let observer = FrameObserver(sender: sender, assignment)
        var report: OutcomeReport
        do {
            report = try work(assignment, observer, sender, stop)
        } catch {
            report = OutcomeReport(of: error, stop.intent)
        }
        observer.flush()
        report.tell(sender, assignment)
        return report
    }

    private func work(
        _ assignment: Assignment, _ observer: FrameObserver, _ sender: ReportSender, _ stop: StopRequest
    ) throws -> OutcomeReport {
        let prepared = try PreparedAttempt(assignment, patience: patience, limitMemory: limitMemory)
        let attempt = try JobAttempt(
            spec: assignment.spec, modelDirectory: assignment.modelDirectory, lock: prepared.lock,
            dataRoots: assignment.dataRoots, execution: prepared.execution, observer: observer)
        prepared.limitProcess()
        let estimator = attempt.estimator
        stop.listen(
            onStop: { _ in estimator.requestStop(checkpoint: true) },
            onCheckpoint: { estimator.requestCheckpoint() },
            onProfile: { estimator.requestProfile(steps: $0) })
        do {
            return try run(attempt, assignment, observer, sender, stop)
        } catch {
            throw NotFiniteData.explaining(error, attempt.notFiniteData)
        }
    }

    private func run(
        _ attempt: JobAttempt, _ assignment: Assignment, _ observer: FrameObserver, _ sender: ReportSender,
        _ stop: StopRequest
    ) throws -> OutcomeReport {
        let estimator = attempt.estimator
        var endStep = 0
        var loss: Double?
        var stoppedEarly: String?
        var predictions: CheckpointFile?
        if let training = attempt.training {
            let result = try TrainingCourse.run(
                estimator, input: training, target: assignment.targetStep, evaluation: attempt.evaluation,
                observer: observer)
            endStep = result.globalStep
            loss = result.loss.flatMap { $0.isFinite ? $0 : nil }
            stoppedEarly = result.stoppedEarly
            if case .stopped = result.ending { return Self.stopped(at: endStep, loss, stop.intent) }
        } else if let evaluation = attempt.evaluation {
            observer.started(step: 0, target: nil)
            endStep = try estimator.evaluate(input: evaluation.input, steps: evaluation.steps).globalStep
        } else if attempt.prediction != nil {
            observer.started(step: 0, target: nil)
            predictions = try PredictionRun.run(attempt, modelDirectory: assignment.modelDirectory) {
                sender.say("INFO", $0)
            }
        }
        sender.say("INFO", "Ended at step \(endStep)\(loss.map { ": loss = \($0)" } ?? "").")
        return OutcomeReport(
            outcome: .succeeded, endStep: endStep, loss: loss, evaluation: observer.outcome, stoppedEarly: stoppedEarly,
            predictions: predictions)
    }

    private static func stopped(at step: Int, _ loss: Double?, _ intent: StopIntent?) -> OutcomeReport {
        OutcomeReport(outcome: intent?.outcome ?? .preempted, endStep: step, loss: loss)
    }
}
