package import Jobs

/// A job as it is submitted.
package struct NewJob: Hashable, Sendable {
    /// Its id.
    package var id: JobID
    /// Its name, 1 to 200 characters.
    package var name: String
    /// What it is asked to do.
    package var mode: JobMode
    /// Who submits it.
    package var owner: String
    /// Its labels; default none.
    package var labels: [String: String] = [:]
    /// Its priority; default 0.
    package var priority = 0
    /// The size of its slice; nil, the default, for a job that holds no cores.
    package var slice: Slice?
    /// The name between `/job:` and `/task:` of its devices; default "tpu_worker".
    package var deviceJob = "tpu_worker"
    /// Its folder, relative to the state folder.
    package var modelDir: String
    /// How often it may be tried again.
    package var retry = RetryPolicy()
    /// How long it may run in all, in seconds; nil, the default, for no limit.
    package var maxRunSeconds: Double?
    /// After this it is not started a first time any more; nil, the default, for no limit.
    package var startDeadline: Timestamp?
    /// Whether it may be stopped to make room; default true.
    package var preemptible = true
    /// How many checkpoints stay; nil, the default, leaves that to the specification.
    package var keepCheckpointMax: Int?
    /// Whom its states are told to; default nobody.
    package var webhooks: [Webhook] = []
    /// When it was submitted.
    package var createdAt: Timestamp
    /// The specification with every default filled in, as JSON.
    package var spec: String

    /// Makes a job; what is not given has its default and can be set afterwards.
    package init(
        id: JobID, name: String, mode: JobMode, owner: String, modelDir: String, createdAt: Timestamp, spec: String
    ) {
        self.id = id
        self.name = name
        self.mode = mode
        self.owner = owner
        self.modelDir = modelDir
        self.createdAt = createdAt
        self.spec = spec
    }
}

/// A client's promise that a request with this key is the same request.
package struct Idempotency: Hashable, Sendable {
    /// Within what the key is unique: the principal and the path.
    package var scope: String
    /// The client's key.
    package var key: String
    /// What tells one body from another: its SHA-256.
    package var digest: String
    /// The body of the first answer, to be given again.
    package var answer: [UInt8]

    /// Makes the promise of one request.
    package init(scope: String, key: String, digest: String, answer: [UInt8]) {
        self.scope = scope
        self.key = key
        self.digest = digest
        self.answer = answer
    }
}

/// What came of a submission.
package enum Submission: Hashable, Sendable {
    /// The job is on disk.
    case created(JobRecord)
    /// The same request came before: the job that it made, and the body of the answer that it got.
    case replayed(JobID, answer: [UInt8])
    /// The key came before with another body, for this job.
    case conflict(JobID)
    /// So many jobs wait already as may.
    case queueFull(waiting: Int)
    /// So many jobs of its owner wait already as may.
    case ownerQueueFull(waiting: Int)
}
