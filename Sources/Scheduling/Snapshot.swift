package import Jobs

/// All that a scheduling decision looks at, as values.
package struct Snapshot: Hashable, Sendable {
    /// The pod.
    package var pod: Pod
    /// The state of each host, by its number; one for each host of the pod.
    package var hosts: [HostState]
    /// The jobs that hold cores or a worker's place.
    package var running: [Holding]
    /// The jobs that wait, in any order.
    package var waiting: [Waiting]
    /// How many workers may run at once.
    package var workerLimit: Int
    /// Whether the daemon is going away and starts nothing; default false.
    package var isDraining: Bool

    /// What a job holds.
    package struct Holding: Hashable, Sendable {
        /// The job.
        package var job: JobID
        /// Its cores; none for a job that uses no TPU.
        package var placement: Placement

        /// Makes an entry.
        package init(job: JobID, placement: Placement) {
            self.job = job
            self.placement = placement
        }
    }

    /// What a job waits for.
    package struct Waiting: Hashable, Sendable {
        /// The job; its id is its age.
        package var job: JobID
        /// Its priority.
        package var priority: Int
        /// The size of its slice; nil for a job that holds no cores.
        package var slice: Slice?
        /// When its backoff is over; nil for a job that has none to wait out.
        package var retryAt: Timestamp?
        /// Whether it is held, so that it does not start.
        package var isHeld: Bool

        /// Makes an entry; without a backoff and not held unless given.
        package init(job: JobID, priority: Int, slice: Slice?, retryAt: Timestamp? = nil, isHeld: Bool = false) {
            self.job = job
            self.priority = priority
            self.slice = slice
            self.retryAt = retryAt
            self.isHeld = isHeld
        }
    }

    /// Makes a snapshot of a pod, every host UP and nothing on it; the rest is set afterwards.
    package init(pod: Pod, workerLimit: Int) {
        self.pod = pod
        self.hosts = Array(repeating: .up, count: pod.hosts)
        self.running = []
        self.waiting = []
        self.workerLimit = workerLimit
        self.isDraining = false
    }
}
