package import Formats

/// What a worker is to do: the first frame that it gets.
package struct Assignment: Sendable, Equatable {
    /// The job's id; only for messages.
    package var job: String
    /// The number of the attempt, from 1.
    package var attempt: Int
    /// Repeated in every frame of the worker; the daemon refuses frames with another one.
    package var epoch: Int
    /// The job's spec with every default filled in.
    package var spec: JSON
    /// The absolute path of the job's model folder.
    package var modelDirectory: String
    /// Absolute paths of the data roots.
    package var dataRoots: [String]
    /// Threads that the worker may use, at least 1.
    package var threads: Int
    /// The global step to stop at, as the first attempt fixed it; nil before that.
    package var targetStep: Int?
    /// Seconds between two heartbeats.
    package var heartbeat: Double
    /// Bytes of private memory that the worker may have; nil for what its plan says.
    package var memoryBytes: Int?

    /// All of it; without a limit of the memory unless given.
    package init(
        job: String, attempt: Int, epoch: Int, spec: JSON, modelDirectory: String, dataRoots: [String], threads: Int,
        targetStep: Int?, heartbeat: Double, memoryBytes: Int? = nil
    ) {
        self.job = job
        self.attempt = attempt
        self.epoch = epoch
        self.spec = spec
        self.modelDirectory = modelDirectory
        self.dataRoots = dataRoots
        self.threads = threads
        self.targetStep = targetStep
        self.heartbeat = heartbeat
        self.memoryBytes = memoryBytes
    }
}
