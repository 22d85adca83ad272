import Daemon
import Glibc
import Testing

@Suite struct ServiceNotifierTests {
    /// A socket like systemd's: what was sent to it, one datagram each.
    private struct Listener: ~Copyable {
        let descriptor: Int32

        init(_ path: [UInt8]) throws {
            descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
            let length = socklen_t(2 + path.count)
            let bound = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
            }
            try #require(bound == 0)
        }

        deinit { close(descriptor) }

        func next() -> String {
            var buffer = [UInt8](repeating: 0, count: 1000)
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
        }
    }

    @Test(arguments: [false, true]) func messagesArrive(abstract: Bool) throws {
        let path = "/tmp/tpud-notify-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        let listener = try Listener(abstract ? [0] + path.utf8 : Array(path.utf8))
        defer { unlink(path) }
        let notifier = ServiceNotifier(
            environment: ["NOTIFY_SOCKET": (abstract ? "@" : "") + path, "WATCHDOG_USEC": "2000"], processID: 5)
        notifier.send(.ready, .status("two\nlines"))
        #expect(listener.next() == "READY=1\nSTATUS=two lines")
        notifier.send(.reloading(monotonicMicroseconds: 17))
        #expect(listener.next() == "RELOADING=1\nMONOTONIC_USEC=17")
        notifier.send(.watchdog)
        #expect(listener.next() == "WATCHDOG=1")
        notifier.send(.stopping)
        #expect(listener.next() == "STOPPING=1")
        #expect(notifier.watchdogMicroseconds == 2000)
    }

    @Test(arguments: ["", "vsock:2:1", "relative", "/" + String(repeating: "x", count: 200), "/nowhere/at/all"])
    func nobodyThereIsNoHarm(socket: String) {
        ServiceNotifier(environment: ["NOTIFY_SOCKET": socket], processID: 5).send(.ready)
    }

    @Test func anothersWatchdogIsNotOurs() {
        let environment = ["WATCHDOG_USEC": "2000", "WATCHDOG_PID": "6"]
        #expect(ServiceNotifier(environment: environment, processID: 5).watchdogMicroseconds == nil)
        #expect(ServiceNotifier(environment: environment, processID: 6).watchdogMicroseconds == 2000)
    }
}
