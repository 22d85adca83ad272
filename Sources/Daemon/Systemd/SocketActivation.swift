/// The listening sockets that systemd hands to a service which it starts for them (sd_listen_fds(3), the protocol alone,
/// without the library).
package enum SocketActivation {
    /// The first descriptor that is handed over (SD_LISTEN_FDS_START).
    private static let first: Int32 = 3

    /// The descriptors; none where no socket unit is active, or where they are another process'.
    /// - Parameters:
    ///   - environment: `LISTEN_FDS`, `LISTEN_PID`.
    ///   - processID: This process's.
    package static func descriptors(environment: [String: String], processID: Int32) -> [Int32] {
        guard environment["LISTEN_PID"].flatMap({ Int32($0) }) == processID,
            let count = environment["LISTEN_FDS"].flatMap({ Int32($0) }), 1...1024 ~= count
        else { return [] }
        return Array(first..<(first + count))
    }
}
