import Estimator
import Formats
import Glibc
import Jobs
import Keras
import OrderedCollections
import Synchronization
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
        let observer = FrameObserver(
            sender: sender, profiles: ProfileFolder(modelDirectory: assignment.modelDirectory), job: assignment.job)
        var report: OutcomeReport
        do {
            report = try work(assignment, observer, sender, stop)
        } catch {
            report = OutcomeReport(of: error, stop.intent)
        }
        observer.flush()
        if var failure = report.failure {
            failure.message = Self.withoutPaths(failure.message, assignment)
            report.failure = failure
            sender.say("ERROR", "\(report.outcome.rawValue): \(failure.message)")
        }
        return report
    }

    private func work(
        _ assignment: Assignment, _ observer: FrameObserver, _ sender: ReportSender, _ stop: StopRequest
    ) throws -> OutcomeReport {
        let lock = try lock(assignment.modelDirectory)
        do {
            try SpecFile.write(assignment.spec, modelDirectory: assignment.modelDirectory)
        } catch {
            throw TrainingError(error, while: "writing spec.json")
        }
        var execution = ExecutionOptions(threads: assignment.threads)
        execution.memoryBytes = assignment.memoryBytes
        if assignment.memoryBytes == nil { execution = limitingMemory(execution) }
        let attempt = try JobAttempt(
            spec: assignment.spec, modelDirectory: assignment.modelDirectory, lock: lock,
            dataRoots: assignment.dataRoots, execution: execution,
            observer: observer)
        if let limit = assignment.memoryBytes { limitMemory(limit) }
        let estimator = attempt.estimator
        stop.listen(
            onStop: { _ in estimator.requestStop(checkpoint: true) },
            onCheckpoint: { estimator.requestCheckpoint() },
            onProfile: { estimator.requestProfile(steps: $0) })
        do {
            return try run(attempt, assignment, observer, sender, stop)
        } catch {
            throw NotFiniteData.explaining(error, attempt)
        }
    }

    /// The same, which limit the process's memory by each plan before it is allocated. A small plan behind a large one leaves the
    /// limit.
    private func limitingMemory(_ execution: ExecutionOptions) -> ExecutionOptions {
        let highest = Mutex(0)
        let limitMemory = limitMemory
        return execution.telling { bytes in
            guard let limit = MemoryPolicy.standard(planBytes: bytes) else { return }
            limitMemory(
                highest.withLock {
                    $0 = max($0, limit)
                    return $0
                })
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
            let result = try estimator.train(
                input: training, maxSteps: assignment.targetStep, dataStart: .checkpoint,
                evaluation: attempt.evaluation)
            endStep = result.globalStep
            loss = result.loss.flatMap { $0.isFinite ? $0 : nil }
            stoppedEarly = result.stoppedEarly
            if case .stopped = result.ending { return Self.stopped(at: endStep, loss, stop.intent) }
            // A job whose earlier attempt reached the last step trains nothing here, but wants its evaluation.
            if let evaluation = attempt.evaluation, observer.evaluation?.globalStep != endStep {
                _ = try estimator.evaluate(input: evaluation.input, steps: evaluation.steps)
            }
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
        var report = OutcomeReport(
            outcome: .succeeded, endStep: endStep, loss: loss, stoppedEarly: stoppedEarly, predictions: predictions)
        if let evaluation = observer.evaluation {
            report.evaluation = FrameObserver.values(of: evaluation)
            report.evaluation?.updateValue(Double(evaluation.globalStep), forKey: "global_step")
        }
        return report
    }

    private func lock(_ modelDirectory: String) throws -> ModelDirectoryLock {
        var waited = 0.0
        while true {
            do throws(CheckpointFileError) {
                if let lock = try ModelDirectoryLock(modelDirectory: modelDirectory) { return lock }
            } catch {
                throw TrainingError(error, while: "locking the model directory")
            }
            guard waited < patience else { throw TrainingError.modelDirectoryInUse }
            usleep(50_000)
            waited += 0.05
        }
    }

    private static func stopped(at step: Int, _ loss: Double?, _ intent: StopIntent?) -> OutcomeReport {
        OutcomeReport(outcome: intent?.outcome ?? .preempted, endStep: step, loss: loss)
    }

    /// A message for the job's owner: the server's folders are none of his business.
    private static func withoutPaths(_ message: String, _ assignment: Assignment) -> String {
        var message = message.replacing(assignment.modelDirectory, with: "model_dir")
        for root in assignment.dataRoots where root.count > 1 { message = message.replacing(root, with: "data_root") }
        return message
    }
}
