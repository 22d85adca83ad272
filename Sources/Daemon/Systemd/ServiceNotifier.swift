import Glibc

/// Tells systemd how the daemon is: datagrams to the Unix socket that `NOTIFY_SOCKET` names (sd_notify(3), the protocol
/// alone, without the library). Without that variable every call does nothing.
package final class ServiceNotifier: Sendable {
    /// One thing to tell.
    package enum Message: Sendable, Equatable {
        /// Start-up, or a reload, is complete.
        case ready
        /// A line for `systemctl status`.
        case status(String)
        /// The daemon lives.
        case watchdog
        /// It is going away.
        case stopping
        /// It reads its configuration again; CLOCK_MONOTONIC in microseconds, which systemd compares.
        case reloading(monotonicMicroseconds: UInt64)

        /// The assignment lines.
        var lines: String {
            switch self {
            case .ready: "READY=1"
            case .status(let text): "STATUS=" + text.replacing("\n", with: " ")
            case .watchdog: "WATCHDOG=1"
            case .stopping: "STOPPING=1"
            case .reloading(let microseconds): "RELOADING=1\nMONOTONIC_USEC=\(microseconds)"
            }
        }
    }

    /// Microseconds after which systemd kills a daemon that sent no ``Message/watchdog``; nil when it does not watch.
    package let watchdogMicroseconds: UInt64?
    private let address: [UInt8]?
    private let descriptor: Int32

    /// - Parameters:
    ///   - environment: `NOTIFY_SOCKET`, `WATCHDOG_USEC`, `WATCHDOG_PID`.
    ///   - processID: This process's; a watchdog for another one is not ours.
    package init(environment: [String: String], processID: Int32) {
        let name = environment["NOTIFY_SOCKET"] ?? ""
        // An '@' stands for the NUL byte of an abstract address; other schemes (vsock) don't concern a local daemon.
        let path: [UInt8]? =
            switch name.utf8.first {
            case UInt8(ascii: "/"): Array(name.utf8)
            case UInt8(ascii: "@"): [0] + name.utf8.dropFirst()
            default: nil
            }
        address = path.flatMap { $0.count < 108 ? $0 : nil }
        descriptor =
            address == nil
            ? -1 : socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        let watched = environment["WATCHDOG_PID"].map { $0 == String(processID) } ?? true
        watchdogMicroseconds = watched ? environment["WATCHDOG_USEC"].flatMap { UInt64($0) } : nil
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Sends messages in one datagram. Whether systemd is there to read it changes nothing for the daemon.
    package func send(_ messages: Message...) {
        guard let address, descriptor >= 0 else { return }
        var target = sockaddr_un()
        target.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &target.sun_path) { $0.copyBytes(from: address) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + address.count)
        let text = Array(messages.map(\.lines).joined(separator: "\n").utf8)
        withUnsafePointer(to: &target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                _ = sendto(
                    descriptor, text, text.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT), pointer,
                    length)
            }
        }
    }
}
