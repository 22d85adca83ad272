import Glibc

/// How the descriptors that the process may have are divided, so that clients never take those that jobs need.
package struct DescriptorBudget: Equatable, Sendable {
    /// Kept for the daemon itself (listeners, database, locks, threads' files) and for each worker (its socket, its log,
    /// both again while it is started, the handle of its process).
    package static func reserve(workers: Int) -> Int { 64 + 8 * max(0, workers) }

    /// Connections at one time.
    package let connections: Int
    /// Files that may be open at one time for downloads and logs.
    package let files: Int

    /// Divides `limit` descriptors: the reserve is taken off first, but a quarter is left in any case; three quarters of
    /// what is left are for connections, at most `wanted`, the rest is for files.
    package init(limit: Int, workers: Int, wanted: Int) {
        let left = max(limit / 4, limit - Self.reserve(workers: workers), 8)
        connections = max(4, min(wanted, left / 4 * 3))
        files = max(2, left - connections)
    }

    /// Raises the soft limit of descriptors to the hard one and returns what it is then.
    package static func raisedLimit() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
        var wanted = limit
        wanted.rlim_cur = limit.rlim_max
        // An unlimited hard limit may be more than the kernel gives (fs.nr_open); then the soft one stays as it is.
        if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &wanted) == 0 { limit = wanted }
        return Int(clamping: limit.rlim_cur)
    }
}
