import Glibc
import HTTP
import HTTPTypes
import Reactor
import Testing

/// Sockets that listen before the server is there, and after it.
@Suite(.timeLimit(.minutes(10))) struct InheritedSocketTests {
    private static let routes = [Route(.get, "/", .immediate { _ in .text("here") })]
    private static let request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"

    /// A socket that blocks, as systemd's do; it listens where `backlog` is given.
    private func newSocket(_ type: __socket_type = SOCK_STREAM, backlog: CInt? = 8) -> CInt {
        let descriptor = socket(AF_INET, CInt(type.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if let backlog { _ = listen(descriptor, backlog) }
        return descriptor
    }

    /// A server on such a socket, and another one once the first is gone, while somebody keeps the socket.
    @Test func connectionsWaitWhileNoServerRuns() async throws {
        let kept = newSocket()
        defer { close(kept) }
        let address = try InheritedSocket(dup(kept)).address
        func serve(_ body: @Sendable (TestServer) async throws -> Void) async throws {
            let socket = try InheritedSocket(dup(kept))
            #expect(fcntl(socket.descriptor, F_GETFL) & O_NONBLOCK != 0)
            #expect(fcntl(socket.descriptor, F_GETFD) & FD_CLOEXEC != 0)
            try await withServer(
                Self.routes,
                configure: {
                    $0.listen = []
                    $0.inherited = [socket]
                }, body)
        }
        try await serve { test in
            #expect(test.addresses == [address])
            let client = try await test.connect()
            let reply = try await client.ask(Self.request)
            #expect(reply?.body == "here")
        }
        // Nobody accepts now: the connection waits in the socket.
        guard case .tcp(_, let port) = address else { return #expect(Bool(false), "\(address) is not TCP") }
        let waiting = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = port.bigEndian
        inet_pton(AF_INET, "127.0.0.1", &target.sin_addr)
        let connected = withUnsafePointer(to: &target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(waiting, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        #expect(connected == 0)
        try await serve { test in
            let client = try await test.client(waiting)
            let reply = try await client.ask(Self.request)
            #expect(reply?.body == "here")
        }
    }

    @Test func theFileOfAnInheritedUnixSocketStays() async throws {
        let path = "/tmp/tpud-inherited-\(getpid())"
        unlink(path)
        defer { unlink(path) }
        let kept = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        defer { close(kept) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = Glibc.bind(kept, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(listen(kept, 8) == 0)
        let inherited = try InheritedSocket(dup(kept))
        #expect(inherited.address == .unix(path: path))
        try await withServer(
            Self.routes,
            configure: {
                $0.listen = []
                $0.inherited = [inherited]
            }
        ) { test in
            let other = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
            let result = withUnsafePointer(to: address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(other, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            #expect(result == 0)
            let client = try await test.client(other)
            let reply = try await client.ask(Self.request)
            #expect(reply?.body == "here")
        }
        #expect(access(path, F_OK) == 0)
    }

    @Test func anythingElseIsRefused() {
        let quiet = newSocket(backlog: nil)
        let datagrams = newSocket(SOCK_DGRAM, backlog: nil)
        let file = open("/dev/null", O_RDONLY)
        defer { [quiet, datagrams, file].forEach { close($0) } }
        #expect(throws: SystemError(call: "listen", code: EINVAL)) { try InheritedSocket(quiet) }
        #expect(throws: SystemError(call: "listen", code: EINVAL)) { try InheritedSocket(datagrams) }
        #expect(throws: SystemError(call: "getsockopt", code: ENOTSOCK)) { try InheritedSocket(file) }
        #expect(throws: SystemError(call: "getsockopt", code: EBADF)) { try InheritedSocket(1_000_000) }
    }
}
