package import HTTP
package import Jobs
package import Logging
package import Transfer

/// What the daemon runs with: one value of its own type for each row of ``Setting/all``, which has the defaults, the ranges
/// and the documentation. Made only by ``ConfigurationLoader``.
package struct Configuration: Sendable, Equatable {
    /// Host and port of the TCP listener; nil for none. Port 0 lets the kernel choose.
    package let listen: ListenAddress?
    /// Path of the Unix socket; nil for none.
    package let socket: String?
    /// Names besides loopback and the addresses listened on that a request may be for; `*` for any.
    package let allowedHosts: [String]
    /// Whether `listen` may be an address that other machines reach.
    package let allowRemote: Bool
    /// The file of the tokens that requests must bear; nil where they need none.
    package let tokens: String?
    /// The folder that holds database, lock, model folders and logs; made when missing.
    package let stateDirectory: String
    /// Folders under which jobs may name files, searched in order.
    package let dataRoots: [String]
    /// The simulated TPU system.
    package let pod: Pod
    /// How many worker processes run at once; 0 starts none.
    package let workers: Int
    /// Threads of one worker, at least 1.
    package let threadsPerWorker: Int
    /// Bytes of private memory that a worker may have; nil for what its plan says.
    package let workerMemoryBytes: Int?
    /// Check processes that run at once, at least 1.
    package let checkers: Int
    /// Seconds that a check of a specification may wait, and may take.
    package let checkTimeout: Double
    /// Bytes of private memory that a check process may have.
    package let checkMemoryBytes: Int
    /// Bytes of a specification with every default filled in.
    package let maxSpecBytes: Int
    /// Jobs that may wait (QUEUED, RETRY_WAIT) before a submission is answered 429.
    package let queueLimit: Int
    /// Jobs of one owner that may wait before its submission is answered 429; nil for no limit of its own.
    package let ownerQueueLimit: Int?
    /// Requests a second that the name of a token may make; nil for no limit.
    package let requestsPerSecond: Int?
    /// Threads that requests are served on, at least 1.
    package let reactors: Int
    /// Connections that are served at once; more wait in the kernel's queue.
    package let maxConnections: Int
    /// Connections that one address may have at once; nil for as many as there may be.
    package let connectionsPerClient: Int?
    /// Bytes of a request's body before it is answered 413.
    package let maxBodyBytes: Int
    /// Seconds from a connection's first byte to the end of the request's head.
    package let headerTimeout: Double
    /// Seconds from the head to the end of the body.
    package let bodyTimeout: Double
    /// Seconds that a connection may stay without a request.
    package let idleTimeout: Double
    /// Bytes a second that a client must take of an answer on average over 30 s.
    package let minReadRate: Int
    /// Seconds between two heartbeats of a worker.
    package let heartbeat: Double
    /// Seconds without any frame after which a worker is killed (STALLED).
    package let stallTimeout: Double
    /// Seconds without any work, though it sends heartbeats, after which a worker is killed (STALLED).
    package let hangTimeout: Double
    /// Seconds that a worker has to write its checkpoint and end after it was told to stop.
    package let stopTimeout: Double
    /// The absolute paths of the programs that jobs may name, by their names.
    package let programs: [String: String]
    /// Seconds from SIGTERM to the exit of the daemon.
    package let drainTimeout: Double
    /// Starts without a clean stop after which the jobs that ran are held; nil holds none.
    package let maxUncleanStarts: Int?
    /// The file of the keys that webhooks are signed with; nil for the daemon's own in the state folder.
    package let webhookSecret: String?
    /// Inner networks that webhooks may lead to.
    package let webhookNetworks: [IPNetwork]
    /// Seconds that a webhook's receiver may take.
    package let webhookTimeout: Double
    /// The waits between the tries of a delivery, and how many there are.
    package let deliveryBackoff: DeliveryBackoff
    /// How the access log looks; nil for none.
    package let accessLog: AccessLogFormat?
    /// The file of the access log; nil for standard error.
    package let accessLogFile: String?
    /// Days for which the audit trail is kept.
    package let auditDays: Int
    /// The lowest level that is logged.
    package let logLevel: Logger.Level

    /// What the settings came to, each by its key.
    let values: SettingValues
    /// The machine's processor cores that this process may use.
    let cores: Int

    /// - Parameters:
    ///   - values: A value of each setting.
    ///   - cores: The machine's, at least 1: what null in `workers`, `threads_per_worker` and `checkers` goes by.
    init(_ values: SettingValues, cores: Int) {
        self.values = values
        self.cores = cores
        listen = values.address("listen")
        socket = values.optionalText("socket")
        allowedHosts = values.list("allowed_hosts")
        allowRemote = values.flag("allow_remote")
        tokens = values.optionalText("tokens")
        stateDirectory = values.text("state_dir")
        dataRoots = values.list("data_roots")
        pod = values.pod("pod")
        workers = values.optionalInteger("workers") ?? cores
        threadsPerWorker = values.optionalInteger("threads_per_worker") ?? max(1, cores / max(1, workers))
        workerMemoryBytes = values.optionalInteger("worker_memory_bytes")
        checkers = values.optionalInteger("checkers") ?? min(cores, 2)
        checkTimeout = values.seconds("check_timeout_seconds")
        checkMemoryBytes = values.integer("check_memory_bytes")
        maxSpecBytes = values.integer("max_spec_bytes")
        queueLimit = values.integer("queue_limit")
        ownerQueueLimit = values.optionalInteger("owner_queue_limit")
        requestsPerSecond = values.optionalInteger("requests_per_second")
        reactors = values.integerOrAuto("reactors") ?? min(cores, Self.mostReactors)
        maxConnections = values.integer("max_connections")
        connectionsPerClient = values.optionalInteger("connections_per_client")
        maxBodyBytes = values.integer("max_body_bytes")
        headerTimeout = values.seconds("header_timeout_seconds")
        bodyTimeout = values.seconds("body_timeout_seconds")
        idleTimeout = values.seconds("idle_timeout_seconds")
        minReadRate = values.integer("min_read_rate")
        heartbeat = values.seconds("heartbeat_seconds")
        stallTimeout = values.seconds("stall_timeout_seconds")
        hangTimeout = values.seconds("hang_timeout_seconds")
        stopTimeout = values.seconds("stop_timeout_seconds")
        programs = Dictionary(
            values.list("programs").map { entry in
                (String(entry.prefix { $0 != "=" }), String(entry.drop { $0 != "=" }.dropFirst()))
            }
        ) { $1 }
        drainTimeout = values.seconds("drain_timeout_seconds")
        let starts = values.integer("max_unclean_starts")
        maxUncleanStarts = starts == 0 ? nil : starts
        webhookSecret = values.optionalText("webhook_secret")
        webhookNetworks = values.list("webhook_networks").compactMap { IPNetwork($0) }
        webhookTimeout = values.seconds("webhook_timeout_seconds")
        deliveryBackoff = DeliveryBackoff(
            first: values.seconds("webhook_backoff_seconds"), mostTries: values.integer("webhook_max_tries"))
        accessLog = AccessLogFormat(rawValue: values.text("access_log"))
        accessLogFile = values.optionalText("access_log_file")
        auditDays = values.integer("audit_days")
        logLevel = values.level("log_level")
    }

    /// More threads than these would only wait for each other.
    static let mostReactors = 64

    /// This with the settings of `new` that may change in a running daemon, and the keys of the others that have changed.
    package func reloaded(with new: Configuration) -> (configuration: Configuration, needRestart: [String]) {
        var merged = values
        var needRestart: [String] = []
        for setting in Setting.all where new.values[setting.key] != values[setting.key] {
            if setting.reloadable {
                merged[setting.key] = new.values[setting.key]
            } else {
                needRestart.append(setting.key)
            }
        }
        return (Configuration(merged, cores: new.cores), needRestart)
    }
}
