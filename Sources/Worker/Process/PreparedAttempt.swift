package import Estimator
import Glibc
import Synchronization
package import WorkerProtocol

/// What an attempt has before its model is built: its folder, locked, with the specification in it, and how programs are run.
package struct PreparedAttempt: Sendable {
    /// The lock on the model directory.
    package let lock: ModelDirectoryLock
    /// Threads, and memory as far as the daemon limits it.
    package let execution: ExecutionOptions
    private let memoryBytes: Int?
    private let limitMemory: @Sendable (Int) -> Void

    /// Locks the folder and writes `spec.json`.
    ///
    /// - Parameters:
    ///   - patience: Seconds to wait for the model folder: a worker that was killed may take a moment to be gone.
    ///   - limitMemory: Limits this process's private memory to so many bytes.
    /// - Throws: `TrainingError`.
    package init(
        _ assignment: Assignment, patience: Double, limitMemory: @escaping @Sendable (Int) -> Void
    ) throws(TrainingError) {
        lock = try Self.lock(assignment.modelDirectory, patience)
        do {
            try SpecFile.write(assignment.spec, modelDirectory: assignment.modelDirectory)
        } catch {
            throw TrainingError(error, while: "writing spec.json")
        }
        var execution = ExecutionOptions(threads: assignment.threads)
        execution.memoryBytes = assignment.memoryBytes
        memoryBytes = assignment.memoryBytes
        self.limitMemory = limitMemory
        self.execution = memoryBytes == nil ? Self.limitingMemory(execution, limitMemory) : execution
    }

    /// Limits the process's memory to what the daemon gives a worker, where it says so: once the data are open.
    package func limitProcess() { if let memoryBytes { limitMemory(memoryBytes) } }

    /// The same, which limit the process's memory by each plan before it is allocated. A small plan behind a large one leaves the
    /// limit.
    private static func limitingMemory(
        _ execution: ExecutionOptions, _ limitMemory: @escaping @Sendable (Int) -> Void
    ) -> ExecutionOptions {
        let highest = Mutex(0)
        return execution.telling { bytes in
            guard let limit = MemoryPolicy.standard(planBytes: bytes) else { return }
            limitMemory(
                highest.withLock {
                    $0 = max($0, limit)
                    return $0
                })
        }
    }

    private static func lock(
        _ modelDirectory: String, _ patience: Double
    ) throws(TrainingError) -> ModelDirectoryLock {
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
}
