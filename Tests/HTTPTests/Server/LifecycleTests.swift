import Glibc
import HTTP
import HTTPTypes
import Reactor
import Synchronization
import Testing

/// Deadlines, drains, streams and clients that go away.
@Suite(.timeLimit(.minutes(10))) struct LifecycleTests {
    private static let host = "HTTP/1.1\r\nHost: h\r\n"
    private static let now = Route(.get, "/now", .immediate { _ in .text("now") })
    private static let echo = Route(.post, "/echo", .immediate { .text("\($0.body.count)") })

    /// A handler that waits until the test lets it go, and tells how it ended.
    private final class Gate: Sendable {
        private struct State {
            var entered = 0
            var cancelled = 0
            var isOpen = false
        }
        private let state = Mutex(State())

        var entered: Int { state.withLock { $0.entered } }
        var cancelled: Int { state.withLock { $0.cancelled } }

        func open() { state.withLock { $0.isOpen = true } }

        func pass() async throws {
            state.withLock { $0.entered += 1 }
            while !state.withLock({ $0.isOpen }) {
                if Task.isCancelled {
                    state.withLock { $0.cancelled += 1 }
                    throw CancellationError()
                }
                await Task.yield()
            }
        }
    }

    private func gated(_ gate: Gate, _ method: HTTPRequest.Method = .get) -> Route {
        Route(
            method, "/wait",
            .async { _ in
                try await gate.pass()
                return .text("passed")
            })
    }

    @Test func aRequestThatDoesNotComeIs408() async throws {
        try await withServer([Self.now, Self.echo]) { test in
            let head = try await test.connect()
            try await head.send("GET /now HTTP/1.1\r\nHos")
            let body = try await test.connect()
            try await body.send("POST /echo \(Self.host)Content-Length: 10\r\n\r\nabc")
            try await test.until { test.server.bodyBytes == 3 }
            await test.advance(by: .seconds(9))
            let count = await test.connections
            #expect(count == 2)
            await test.advance(by: .seconds(2))
            let late = try await head.reply()
            #expect(late?.status == 408)
            #expect(late?.fields["connection"] == "close")
            await test.advance(by: .seconds(10))
            #expect(try await body.reply()?.status == 408)
        }
    }

    @Test func idleConnectionsAreClosed() async throws {
        try await withServer([Self.now]) { test in
            let silent = try await test.connect()
            let used = try await test.connect()
            #expect(try await used.ask("GET /now \(Self.host)\r\n")?.status == 200)
            try await test.until { test.server.connectionCount == 2 }
            await test.advance(by: .seconds(11))
            #expect(try await silent.rest() == "")
            #expect(try await used.ask("GET /now \(Self.host)\r\n")?.status == 200)
            await test.advance(by: .seconds(74))
            #expect(try await used.ask("GET /now \(Self.host)\r\n")?.status == 200)
            await test.advance(by: .seconds(76))
            #expect(try await used.rest() == "")
        }
    }

    @Test func aStreamWaitsForItsReader() async throws {
        let written = Atomic(0)
        let block = [UInt8](repeating: 0x7a, count: 100_000)
        let stream = Route(
            .get, "/stream",
            .immediate { _ in
                Response(
                    .ok,
                    body: .stream(length: nil) { writer in
                        for _ in 0..<200 {
                            try await writer.write(block)
                            written.add(1, ordering: .relaxed)
                        }
                        await writer.setTrailers([.init("X-Sum")!: "ok"])
                    })
            })
        try await withServer([stream, Self.now]) { test in
            let client = try await test.connect()
            try await client.send("GET /stream \(Self.host)\r\nGET /now \(Self.host)\r\n")
            let other = try await test.connect()
            for _ in 0..<50 { #expect(try await other.ask("GET /now \(Self.host)\r\n")?.status == 200) }
            #expect(written.load(ordering: .relaxed) < 150, "the stream went on without its reader")
            let reply = try await client.reply()
            #expect(reply?.body.utf8.count == 200 * 100_000 + "[X-Sum: ok]".utf8.count)
            #expect(try await client.reply()?.body == "now")
        }
    }

    @Test func aStreamOfHTTP10EndsWithTheConnection() async throws {
        let stream = Route(
            .get, "/stream",
            .async { _ in
                Response(
                    .ok,
                    body: .stream(length: nil) { writer in
                        try await writer.write(Array("one ".utf8))
                        await Task.yield()
                        try await writer.write(Array("two".utf8))
                    })
            })
        try await withServer([stream]) { test in
            let client = try await test.connect()
            let reply = try await client.ask("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(reply?.body == "one two")
            #expect(reply?.fields["transfer-encoding"] == nil)
            #expect(reply?.fields["connection"] == "close")
        }
    }

    @Test func aStreamIsHeldToItsLength() async throws {
        let routes = [
            Route(
                .get, "/short",
                .immediate { _ in
                    Response(.ok, body: .stream(length: 10) { try await $0.write(Array("12345".utf8)) })
                }),
            Route(
                .get, "/long",
                .immediate { _ in
                    Response(.ok, body: .stream(length: 3) { try await $0.write(Array("12345".utf8)) })
                }),
        ]
        try await withServer(routes) { test in
            let short = try await test.connect()
            try await short.send("GET /short \(Self.host)\r\n")
            #expect(try await short.rest().hasSuffix("\r\n\r\n12345"))
            let long = try await test.connect()
            try await long.send("GET /long \(Self.host)\r\n")
            #expect(try await long.rest().hasSuffix("\r\n\r\n"))
            #expect(test.events.all.contains { $0.contains("tooMuch") })
        }
    }

    private func contents(_ path: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        return try [UInt8](unsafeUninitializedCapacity: 1 << 20) { buffer, count in
            count = try SystemCall.read(descriptor, at: 0, into: UnsafeMutableRawBufferPointer(buffer))
        }
    }

    @Test func sendsAStretchOfAFile() async throws {
        let source = try contents(#filePath)
        let file = Route(
            .get, "/file",
            .immediate { _ in
                let descriptor = open(#filePath, O_RDONLY)
                return Response(
                    .ok, body: .file(FileBody(adopting: descriptor, offset: 10, length: Int64(source.count - 20))))
            })
        let gone = Route(
            .get, "/gone",
            .immediate { _ in
                let descriptor = open(#filePath, O_RDONLY)
                return Response(
                    .ok, body: .file(FileBody(adopting: descriptor, offset: 10, length: Int64(source.count))))
            })
        try await withServer([file, gone]) { test in
            let client = try await test.connect()
            let reply = try await client.ask("GET /file \(Self.host)\r\n")
            #expect(reply?.body == String(decoding: source[10..<(source.count - 10)], as: UTF8.self))
            #expect(
                try await client.ask("HEAD /file \(Self.host)\r\n", isHead: true)?.fields["content-length"]
                    == "\(source.count - 20)")
            try await client.send("GET /gone \(Self.host)\r\n")
            #expect(try await client.rest().utf8.count > source.count - 10)
            #expect(test.events.all.contains { $0.contains("truncated") })
        }
    }

    @Test func aHandlerIsCancelledWhenItsClientIsGone() async throws {
        let gate = Gate()
        try await withServer([gated(gate)]) { test in
            let client = try await test.connect()
            try await client.send("GET /wait \(Self.host)\r\n")
            try await test.until { gate.entered == 1 }
            try await test.close(client)
            // Closed might be half-closed: only after a second nobody is expected to read the answer.
            await test.advance(by: .milliseconds(900))
            #expect(gate.cancelled == 0)
            await test.advance(by: .milliseconds(200))
            try await test.until { gate.cancelled == 1 }
            try await test.until { test.server.connectionCount == 0 }
        }
    }

    @Test func aPostIsNotCancelledByAHalfClosedClient() async throws {
        let gate = Gate()
        try await withServer([gated(gate, .post)]) { test in
            let client = try await test.connect()
            try await client.send("POST /wait \(Self.host)Content-Length: 0\r\n\r\n")
            client.socket.closeWriting()
            try await test.until { gate.entered == 1 }
            await test.advance(by: .seconds(5))
            gate.open()
            #expect(try await client.reply()?.body == "passed")
            #expect(try await client.reply() == nil)
        }
    }

    @Test func aDrainLetsRequestsEndAndClosesTheRest() async throws {
        let gate = Gate()
        try await withServer([gated(gate), Self.now]) { test in
            let idle = try await test.connect()
            #expect(try await idle.ask("GET /now \(Self.host)\r\n")?.status == 200)
            let busy = try await test.connect()
            try await busy.send("GET /wait \(Self.host)\r\n")
            try await test.until { gate.entered == 1 }
            async let drained: Void = test.server.drain(deadline: .seconds(60))
            #expect(try await idle.rest() == "")
            await #expect(throws: SystemError.self) { _ = try await test.connect() }
            gate.open()
            let reply = try await busy.reply()
            #expect(reply?.body == "passed")
            #expect(reply?.fields["connection"] == "close")
            #expect(try await busy.rest() == "")
            busy.socket.close()
            await drained
        }
    }

    @Test func aDrainBreaksOffWhatIsLeftAtItsDeadline() async throws {
        let gate = Gate()
        try await withServer([gated(gate)]) { test in
            let busy = try await test.connect()
            try await busy.send("GET /wait \(Self.host)\r\n")
            try await test.until { gate.entered == 1 }
            async let drained: Void = test.server.drain(deadline: .seconds(5))
            try await test.until { test.server.isDraining }
            await test.advance(by: .seconds(4))
            #expect(gate.cancelled == 0)
            await test.advance(by: .seconds(2))
            await drained
            try await test.until { gate.cancelled == 1 }
            #expect(try await busy.rest() == "")
        }
    }

    @Test func everyAnswerIsObserved() async throws {
        let log = EventLog()
        try await withServer([Self.now]) { configuration in
            configuration.observe = { log.append("\($0.template ?? "-") \($0.status.code)") }
        } _: { test in
            let client = try await test.connect()
            _ = try await client.ask("GET /now \(Self.host)\r\n")
            _ = try await client.ask("GET /nothing \(Self.host)\r\n")
            _ = try await client.ask("nonsense\r\n\r\n")
            #expect(log.all == ["/now 200", "- 404", "- 400"])
        }
    }

    @Test func thousandsOfWaitingRequestsLeaveTheServerAnswering() async throws {
        let gate = WaitingRoom()
        let wait = Route(
            .get, "/wait",
            .async { _ in
                await gate.wait()
                return .text("passed")
            })
        try await withServer([wait, Self.now]) { test in
            var waiting: [Client] = []
            for _ in 0..<300 {
                let client = try await test.connect()
                try await client.send("GET /wait \(Self.host)\r\n")
                waiting.append(client)
            }
            try await test.until { gate.count == 300 }
            #expect(try await test.connect().ask("GET /now \(Self.host)\r\n")?.status == 200)
            gate.open()
            for client in waiting { #expect(try await client.reply()?.body == "passed") }
        }
    }

    /// Handlers that wait suspended.
    private final class WaitingRoom: Sendable {
        private let waiting = Mutex<[CheckedContinuation<Void, Never>]>([])

        var count: Int { waiting.withLock { $0.count } }

        func wait() async {
            await withCheckedContinuation { continuation in waiting.withLock { $0.append(continuation) } }
        }

        func open() {
            for continuation in waiting.withLock({ $0 }) { continuation.resume() }
        }
    }
}
