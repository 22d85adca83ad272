import Glibc
import HTTP
import HTTPTypes
import Reactor
import ReactorSupport
import Synchronization

/// A server with these routes on its own reactor for as long as `body` runs, and what it logged. Its time moves
/// only when a test moves it: on a busy machine no deadline comes by itself.
func withServer(
    _ routes: [Route], reactors: Int = 1, clock: any ReactorClock = ManualClock(), calls: SocketCalls = .kernel,
    configure: (inout ServerConfiguration) -> Void = { _ in },
    _ body: (TestServer) async throws -> Void
) async throws {
    try await withServer(
        on: reactors, clock: clock, calls: calls, router: { _ in Router(routes) }, configure: configure, body)
}

/// The same on several reactors, each with a router of its own.
func withServer(
    on reactors: Int, clock: any ReactorClock = ManualClock(), calls: SocketCalls = .kernel,
    router: (EventLoop) -> Router, configure: (inout ServerConfiguration) -> Void = { _ in },
    _ body: (TestServer) async throws -> Void
) async throws {
    let group = try ReactorGroup(reactors, clock: clock)
    var configuration = ServerConfiguration(listen: [.tcp(host: "127.0.0.1", port: 0)])
    let events = EventLog()
    configuration.log = { events.append("\($0)") }
    configure(&configuration)
    let result: Result<Void, any Error>
    do {
        let server = Server(configuration, reactors: group.reactors, run: 0xabcd, calls: calls, router: router)
        let bound = try await server.start()
        let test = TestServer(
            server: server, reactors: group.reactors, addresses: bound, clock: clock as? ManualClock, events: events)
        do {
            try await body(test)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await server.drain(deadline: .zero)
    } catch {
        result = .failure(error)
    }
    group.stop()
    try result.get()
}

/// Lines that a server logged.
final class EventLog: Sendable {
    private let lines = Mutex<[String]>([])

    func append(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
}

struct TestServer {
    let server: Server
    let reactors: [EventLoop]
    let addresses: [ListenAddress]
    let clock: ManualClock?
    let events: EventLog

    /// The reactor that listens.
    var reactor: EventLoop { reactors[0] }

    /// A client of the first address.
    func connect() async throws -> Client {
        guard case .tcp(_, let port) = addresses[0] else { throw SystemError(call: "connect", code: EAFNOSUPPORT) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw SystemError(call: "connect", code: errno) }
        return try await client(descriptor)
    }

    /// A client over a descriptor that is connected.
    func client(_ descriptor: CInt) async throws -> Client {
        let socket = try await reactor.call { () throws(SystemError) in
            try ClientSocket(adopting: descriptor, on: reactor)
        }
        return Client(socket: socket)
    }

    /// Moves the manual clock on and waits until every reactor has seen it.
    func advance(by duration: Duration) async {
        clock?.advance(by: duration)
        for _ in 0..<3 {
            for reactor in reactors {
                reactor.wake()
                await reactor.call {}
            }
        }
    }

    /// Closes a client and waits until the reactor has seen that. Under load the kernel hands the end of a connection over
    /// later, also on loopback: the time that a server gives who is gone would begin whenever it does.
    func close(_ client: Client) async throws {
        let socket = client.socket
        socket.closeWriting()
        try await until { socket.isEndAcknowledged }
        socket.close()
        await advance(by: .zero)
    }

    /// How many connections the server has.
    var connections: Int { get async { await reactor.call { server.connectionCount } } }

    /// Waits until a condition holds on the reactor.
    /// - Throws: `CancellationError` when the test's time limit comes first.
    func until(_ condition: @escaping @Sendable () -> Bool) async throws {
        while await !reactor.call(condition) {
            try Task.checkCancellation()
            await Task.yield()
        }
    }
}

/// What a client received.
struct Reply: Equatable {
    var status: Int
    /// What the status line says behind the number.
    var reason = ""
    /// The fields' names as they were written.
    var names: [String] = []
    var fields: [String: String]
    var body: String
}

/// A client that sends what it is told and reads answers one by one.
final class Client {
    let socket: ClientSocket
    private var buffer: [UInt8] = []

    init(socket: ClientSocket) { self.socket = socket }

    func send(_ text: String) async throws { try await socket.write(Array(text.utf8)) }

    /// The next whole answer; nil at the end of the connection.
    func reply(isHead: Bool = false) async throws -> Reply? {
        guard let head = try await text(upTo: "\r\n\r\n") else { return nil }
        let lines = head.split(separator: "\r\n").map(String.init)
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            fields[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
        let words = lines[0].split(separator: " ", maxSplits: 2)
        let status = Int(words[1]) ?? 0
        let names = lines.dropFirst().map { line in String(line.prefix { $0 != ":" }) }
        var body = ""
        if isHead || status == 204 || status == 304 || status < 200 {
        } else if fields["transfer-encoding"] == "chunked" {
            while let size = try await text(upTo: "\r\n"), let count = Int(size.dropLast(), radix: 16) {
                if count == 0 {
                    while let line = try await text(upTo: "\r\n"), line != "\r\n" { body += "[\(line.dropLast())]" }
                    break
                }
                body += try await take(count)
                _ = try await take(2)
            }
        } else if let length = fields["content-length"].flatMap({ Int($0) }) {
            body = try await take(length)
        } else {
            body = try await rest()
        }
        return Reply(
            status: status, reason: words.count > 2 ? String(words[2]) : "", names: names, fields: fields, body: body)
    }

    /// Everything up to the end of the connection.
    func rest() async throws -> String {
        while try await more() {}
        let text = String(decoding: buffer, as: UTF8.self)
        buffer = []
        return text
    }

    /// Asks and reads the answer.
    func ask(_ text: String, isHead: Bool = false) async throws -> Reply? {
        try await send(text)
        return try await reply(isHead: isHead)
    }

    private func more() async throws -> Bool {
        let bytes = try await socket.read()
        buffer += bytes
        return !bytes.isEmpty
    }

    private func take(_ count: Int) async throws -> String {
        while buffer.count < count, try await more() {}
        let text = String(decoding: buffer.prefix(count), as: UTF8.self)
        buffer.removeFirst(min(count, buffer.count))
        return text
    }

    private func text(upTo end: String) async throws -> String? {
        let mark = Array(end.utf8)
        while true {
            for index in buffer.indices where buffer[index...].starts(with: mark) {
                return try await take(index + mark.count)
            }
            guard try await more() else { return nil }
        }
    }
}
