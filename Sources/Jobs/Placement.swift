/// The cores that a job holds.
package struct Placement: Hashable, Sendable {
    /// Cores of one host.
    package struct Host: Hashable, Sendable {
        /// The host's number in the pod.
        package var host: Int
        /// The cores' numbers on that host, in order.
        package var cores: [Int]

        /// Makes an entry.
        package init(host: Int, cores: [Int]) {
            self.host = host
            self.cores = cores
        }
    }

    /// The slice's name; nil for a job with `use_tpu: false`, which holds no cores.
    package var slice: Slice?
    /// What it holds of each host, by the host's number.
    package var hosts: [Host]

    /// Makes a placement.
    package init(slice: Slice?, hosts: [Host]) {
        self.slice = slice
        self.hosts = hosts
    }

    /// How many cores it holds.
    package var cores: Int { hosts.reduce(0) { $0 + $1.cores.count } }

    /// The placement of a job that holds no cores.
    package static let cpu = Placement(slice: nil, hosts: [])

    /// The job's own logical device names: its first core is task 0, TPU 0, wherever it lies in the pod.
    ///
    /// - Parameter jobName: The name between `/job:` and `/task:`: `tpu_config.tpu_job_name`, or the master's.
    package func devices(jobName: String) -> [String] {
        hosts.enumerated().flatMap { task, host in
            host.cores.indices.map { "/job:\(jobName)/task:\(task)/device:TPU:\($0)" }
        }
    }
}

/// The state of a simulated host. The raw value is its name on the wire and in the database.
package enum HostState: String, CaseIterable, Hashable, Sendable {
    /// Takes jobs.
    case up = "UP"
    /// Finishes what runs there, takes no more.
    case draining = "DRAINING"
    /// Is gone.
    case down = "DOWN"
}

/// Why a job in QUEUED or RETRY_WAIT does not run (`pending.reason`).
package enum PendingReason: String, CaseIterable, Hashable, Sendable {
    /// Its cores are held by others.
    case coresBusy = "CORES_BUSY"
    /// As many workers run as may.
    case workerLimit = "WORKER_LIMIT"
    /// Another job is before it.
    case priority = "PRIORITY"
    /// There would be room if every host were UP.
    case hostUnavailable = "HOST_UNAVAILABLE"
    /// It waits out its backoff.
    case retryBackoff = "RETRY_BACKOFF"
    /// The daemon is going away and starts nothing.
    case draining = "DRAINING"
    /// The disk is full: nothing is started while a commit would fail.
    case diskFull = "DISK_FULL"
    /// It is held until its owner resumes it, as the daemon ended again and again soon after it had started it.
    case held = "HELD"
    /// The pod has no slice of its size: it waits for a larger pod.
    case cannotFit = "CANNOT_FIT"
    /// It waits for another job's end.
    case dependency = "DEPENDENCY"
    /// Its owner holds as much as a quota allows.
    case quota = "QUOTA"
    /// Its cores are kept for another job.
    case reserved = "RESERVED"
    /// No scheduling pass has looked at it yet: the next one starts it or says why not.
    case scheduling = "SCHEDULING"
}
