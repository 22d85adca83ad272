import Glibc
import HTTP
import Reactor
import Testing

/// A server on a port of 127.0.0.1 with one route, and clients of it that read when they like.
struct LocalServer {
    let reactor: EventLoop
    let port: UInt16

    /// Runs `body` beside a server of the route that `make` makes, and ends the server whatever comes of it.
    static func with<Parts>(
        clock: any ReactorClock = SystemClock(), _ make: (EventLoop) throws -> (Parts, Route),
        _ body: (LocalServer, Parts) async throws -> Void
    ) async throws {
        let reactor = try EventLoop(clock: clock)
        let thread = try reactor.start()
        let (parts, route) = try make(reactor)
        let server = Server(
            ServerConfiguration(listen: [.tcp(host: "127.0.0.1", port: 0)]), router: Router([route]), reactor: reactor)
        let result: Result<Void, any Error>
        do {
            guard case .tcp(_, let port) = try await server.start()[0] else { return }
            result = .success(try await body(LocalServer(reactor: reactor, port: port), parts))
        } catch {
            result = .failure(error)
        }
        await server.drain(deadline: .zero)
        reactor.stop()
        thread.join()
        try result.get()
    }

    /// Sends a request as it is and returns the socket.
    /// - Parameter receiveBuffer: Bytes that the kernel keeps of what is not read; default as it likes.
    func send(_ request: String, receiveBuffer: CInt? = nil) throws -> CInt {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        if var receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(MemoryLayout<CInt>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(result == 0)
        let text = Array(request.utf8)
        try #require(Glibc.send(descriptor, text, text.count, 0) == text.count)
        return descriptor
    }

    /// All that a socket gets up to its end; it is closed then.
    func received(_ descriptor: CInt) -> String {
        defer { close(descriptor) }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            text += buffer[..<count]
        }
        return String(decoding: text, as: UTF8.self)
    }
}
