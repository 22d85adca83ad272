/// What the daemon runs with: one value for each row of ``Setting/all``, which has the defaults, the ranges and the
/// documentation. Made only by ``ConfigurationLoader``.
package struct Configuration: Sendable, Equatable {
    /// Host and port of the TCP listener; nil = none. Port 0 lets the kernel choose.
    package var listen: String?
    /// Path of the Unix socket; nil = none.
    package var socket: String?
    /// Names besides loopback and the addresses listened on that a request may be for; `*` for any.
    package var allowedHosts: [String]
    /// Whether `listen` may be an address that other machines reach.
    package var allowRemote: Bool
    /// The folder that holds database, lock, model folders and logs; made when missing.
    package var stateDirectory: String
    /// Folders under which jobs may name files, searched in order.
    package var dataRoots: [String]
    /// The simulated TPU system: `v2-8`, `v3-32`, or `HOSTSxCORES`.
    package var pod: String
    /// How many worker processes run at once, at least 1.
    package var workers: Int
    /// Threads of one worker, at least 1.
    package var threadsPerWorker: Int
    /// Bytes of private memory that a worker may have; -1 for what its plan says.
    package var workerMemoryBytes: Int
    /// Check processes that run at once, at least 1.
    package var checkers: Int
    /// Seconds that a check of a specification may wait, and may take.
    package var checkTimeout: Double
    /// Bytes of private memory that a check process may have.
    package var checkMemoryBytes: Int
    /// Bytes of a specification with every default filled in.
    package var maxSpecBytes: Int
    /// Jobs that may wait (QUEUED, RETRY_WAIT) before a submission is answered 429.
    package var queueLimit: Int
    /// Connections that are served at once; more wait in the kernel's queue.
    package var maxConnections: Int
    /// Bytes of a request's body before it is answered 413.
    package var maxBodyBytes: Int
    /// Seconds from a connection's first byte to the end of the request's head.
    package var headerTimeout: Double
    /// Seconds from the head to the end of the body.
    package var bodyTimeout: Double
    /// Seconds that a connection may stay without a request.
    package var idleTimeout: Double
    /// Bytes a second that a client must take of an answer on average over 30 s.
    package var minReadRate: Int
    /// Seconds between two heartbeats of a worker.
    package var heartbeat: Double
    /// Seconds without any frame after which a worker is killed (STALLED).
    package var stallTimeout: Double
    /// Seconds without any work, though it sends heartbeats, after which a worker is killed (STALLED).
    package var hangTimeout: Double
    /// Seconds that a worker has to write its checkpoint and end after it was told to stop.
    package var stopTimeout: Double
    /// Seconds from SIGTERM to the exit of the daemon.
    package var drainTimeout: Double
    /// Starts without a clean stop after which the jobs that ran are held; 0 = never.
    package var maxUncleanStarts: Int
    /// The lowest level that is logged: trace, debug, info, notice, warning, error, critical.
    package var logLevel: String
}
