package import Jobs

/// A job as it is stored.
package struct JobRecord: Hashable, Sendable {
    /// Its id.
    package var id: JobID
    /// Its name.
    package var name: String
    /// What it is asked to do.
    package var mode: JobMode
    /// Who submitted it.
    package var owner: String
    /// Its labels.
    package var labels: [String: String]
    /// Its priority.
    package var priority: Int
    /// Its state.
    package var state: JobState
    /// Whether it is held: in QUEUED, and not started until its owner resumes it.
    package var isHeld = false
    /// A word about why it is in that state.
    package var stateReason: StateReason?
    /// Grows with every transition, change by its owner and checkpoint.
    package var version: Int
    /// The size of its slice; nil for a job that holds no cores.
    package var slice: Slice?
    /// The name between `/job:` and `/task:` of its devices.
    package var deviceJob: String
    /// Its folder, relative to the state folder.
    package var modelDir: String
    /// How often it may be tried again.
    package var retry: RetryPolicy
    /// How long it may run in all, in seconds.
    package var maxRunSeconds: Double?
    /// How many checkpoints stay; nil leaves that to the specification.
    package var keepCheckpointMax: Int?
    /// Whether it may be stopped to make room.
    package var preemptible: Bool
    /// The number of its current or last attempt; 0 before the first.
    package var attempt: Int
    /// The step to stop at, fixed at the first attempt.
    package var targetStep: Int?
    /// When it was submitted.
    package var createdAt: Timestamp
    /// When it last came into the queue.
    package var queuedAt: Timestamp
    /// After this it is not started a first time any more.
    package var startDeadline: Timestamp?
    /// When its first attempt began.
    package var startedAt: Timestamp?
    /// When it reached its final state.
    package var finishedAt: Timestamp?
    /// When its backoff is over; only in RETRY_WAIT.
    package var retryAt: Timestamp?
    /// Why it is stopping; only in STOPPING.
    package var stopIntent: StopIntent?
    /// When its worker is killed; only in STOPPING.
    package var stopDeadline: Timestamp?
    /// The cores that it holds; in a final state those that it held last.
    package var placement: Placement?
    /// How far it was when that was stored last, as JSON.
    package var progress: String?
    /// What came of it, as JSON.
    package var result: String?
    /// What went wrong.
    package var failure: JobFailure?
    /// The step and the SHA-256 of `model.safetensors` of its newest checkpoint.
    package var latestCheckpoint: LatestCheckpoint?
    /// The specification with every default filled in, as JSON; nil when it was not read.
    package var spec: String?

    /// A newest checkpoint.
    package struct LatestCheckpoint: Hashable, Sendable {
        /// The global step.
        package var step: Int
        /// The SHA-256 of `model.safetensors`.
        package var sha256: String

        /// Makes the value.
        package init(step: Int, sha256: String) {
            self.step = step
            self.sha256 = sha256
        }
    }

    /// The record of a job that has just been submitted.
    package init(_ job: NewJob) {
        id = job.id
        name = job.name
        mode = job.mode
        owner = job.owner
        labels = job.labels
        priority = job.priority
        state = .queued
        version = 1
        slice = job.slice
        deviceJob = job.deviceJob
        modelDir = job.modelDir
        retry = job.retry
        maxRunSeconds = job.maxRunSeconds
        keepCheckpointMax = job.keepCheckpointMax
        preemptible = job.preemptible
        attempt = 0
        createdAt = job.createdAt
        queuedAt = job.createdAt
        startDeadline = job.startDeadline
        spec = job.spec
    }
}
