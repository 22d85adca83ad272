import Executor

/// Writes checkpoints on a thread of its own while training goes on: one at a time; writing the next one waits
/// for the one before. Observers are called once a checkpoint is complete and on the disk.
final class CheckpointWriter {
    private let store: CheckpointStore
    private let observer: (any TrainingObserver)?
    private let profiler: ProfileRecorder
    private var running: WorkerThread<Result<Void, CheckpointFileError>>?

    /// A writer into a store; a profiler is told what writing takes.
    init(
        store: CheckpointStore, observer: (any TrainingObserver)?, profiler: ProfileRecorder = ProfileRecorder()
    ) {
        self.store = store
        self.profiler = profiler
        self.observer = observer
    }

    /// Starts to write.
    ///
    /// - Throws: ``TrainingError`` for the checkpoint before; `EstimatorError` if no thread
    ///   can be had.
    func write(_ checkpoint: Checkpoint, reason: CheckpointReason) throws {
        try finish()
        running = try WorkerThread(name: "checkpoint") { [store, observer, profiler] in
            do throws(CheckpointFileError) {
                let (record, removed) = try profiler.span(.checkpoint, "checkpoint \(checkpoint.step)") {
                    () throws(CheckpointFileError) in
                    try store.save(checkpoint, reason: reason)
                }
                observer?.checkpointWritten(record)
                for step in removed { observer?.checkpointRemoved(step: step) }
                return .success(())
            } catch {
                return .failure(error)
            }
        }
    }

    /// Waits until what was begun is on the disk.
    ///
    /// - Throws: ``TrainingError/machineFailed(_:)``, ``TrainingError/checkpointFailed(detail:)``.
    func finish() throws {
        guard let running else { return }
        self.running = nil
        running.join()
        if case .failure(let fault)? = running.output {
            throw TrainingError(fault, while: "writing a checkpoint")
        }
    }
}
