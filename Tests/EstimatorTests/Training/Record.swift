import Estimator
import Synchronization

/// An observer that keeps what it is told.
final class Record: TrainingObserver {
    struct State {
        var losses: [(step: Int, loss: Double)] = []
        var progress: [TrainingProgress] = []
        var checkpoints: [CheckpointRecord] = []
        var removed: [Int] = []
        var evaluations: [EvaluationResult] = []
        var log: [(level: LogLevel, text: String)] = []
        var started: [(step: Int, target: Int)] = []
    }

    private let state = Mutex(State())
    private let onProgress: @Sendable (TrainingProgress) -> Void

    init(onProgress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }) { self.onProgress = onProgress }

    var seen: State { state.withLock { $0 } }

    func trainingStarted(step: Int, target: Int) { state.withLock { $0.started.append((step, target)) } }
    func progressed(_ progress: TrainingProgress) {
        state.withLock { $0.progress.append(progress) }
        onProgress(progress)
    }
    func lossRecorded(step: Int, loss: Double) { state.withLock { $0.losses.append((step, loss)) } }
    func checkpointWritten(_ record: CheckpointRecord) { state.withLock { $0.checkpoints.append(record) } }
    func checkpointRemoved(step: Int) { state.withLock { $0.removed.append(step) } }
    func evaluated(_ result: EvaluationResult) { state.withLock { $0.evaluations.append(result) } }
    func logged(_ level: LogLevel, _ text: String) { state.withLock { $0.log.append((level, text)) } }
}
