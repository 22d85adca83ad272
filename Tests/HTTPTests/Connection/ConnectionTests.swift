import Glibc
import HTTP
import HTTPTypes
import Reactor
import ReactorSupport
import Synchronization
import Testing

/// A server whose system calls fail at chosen moments.
@Suite(.timeLimit(.minutes(10))) struct ConnectionTests {
    private static let ask = "GET /now HTTP/1.1\r\nHost: h\r\n\r\n"
    private static let now = Route(.get, "/now", .immediate { _ in .text("now") })

    @Test func interruptedAndShortSendsLoseNothing() async throws {
        let script = ScriptedCalls(
            send: [.fail(EINTR), .atMost(1), .atMost(7), .fail(EINTR), .fail(EINTR), .atMost(20), .atMost(1)])
        try await withServer([Self.now], calls: script.calls) { test in
            let client = try await test.connect()
            #expect(try await client.ask(Self.ask)?.body == "now")
            #expect(try await client.ask(Self.ask)?.body == "now")
            #expect(script.left == 0)
        }
    }

    @Test func anAnswerThatTheKernelDoesNotTakeIsSentWithTheNextEvent() async throws {
        let script = ScriptedCalls(send: [.fail(EAGAIN), .atMost(9), .fail(EAGAIN)])
        try await withServer([Self.now], calls: script.calls) { test in
            let client = try await test.connect()
            try await client.send(Self.ask)
            // Each byte that follows is an event of a socket that is writable.
            for (byte, left) in zip(Self.ask.prefix(2), [2, 0]) {
                try await test.until { script.left <= left }
                try await client.send(String(byte))
            }
            #expect(try await client.reply()?.body == "now")
            #expect(try await client.ask(String(Self.ask.dropFirst(2)))?.body == "now")
            #expect(script.left == 0)
        }
    }

    @Test func aReadThatFindsNothingGoesOnWithTheNextEvent() async throws {
        let script = ScriptedCalls(receive: [.fail(EINTR), .fail(EAGAIN), .fail(EINTR), .fail(EINTR)])
        try await withServer([Self.now], calls: script.calls) { test in
            let client = try await test.connect()
            try await client.send(String(Self.ask.prefix(10)))
            try await test.until { script.left == 2 }
            #expect(try await client.ask(String(Self.ask.dropFirst(10)))?.body == "now")
            #expect(script.left == 0)
        }
    }

    @Test(arguments: [ECONNRESET, ETIMEDOUT, EPIPE]) func aReadThatFailsEndsItsConnectionAlone(code: CInt) async throws
    {
        let script = ScriptedCalls(receive: [.fail(code)])
        try await withServer([Self.now], calls: script.calls) { test in
            let lost = try await test.connect()
            try await lost.send(Self.ask)
            #expect(try await lost.rest() == "")
            let other = try await test.connect()
            #expect(try await other.ask(Self.ask)?.body == "now")
            #expect(await test.connections == 1)
        }
    }

    @Test(arguments: [ECONNRESET, EPIPE]) func aSendThatFailsEndsTheStream(code: CInt) async throws {
        let script = ScriptedCalls(send: [.atMost(3), .fail(code)])
        let ended = Mutex<[ResponseWriterError]>([])
        let stream = Route(
            .get, "/stream",
            .immediate { _ in
                Response(
                    .ok,
                    body: .stream(length: nil) { writer in
                        do throws(ResponseWriterError) {
                            while true { try await writer.write([1]) }
                        } catch {
                            ended.withLock { $0.append(error) }
                            throw error
                        }
                    })
            })
        try await withServer([stream], calls: script.calls) { test in
            let client = try await test.connect()
            try await client.send("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await client.rest() == "HTT")
            try await test.until { test.server.connectionCount == 0 && !ended.withLock { $0.isEmpty } }
            #expect(ended.withLock { $0 } == [.connectionClosed])
        }
    }

    @Test func withoutDescriptorsNothingIsAcceptedForAWhile() async throws {
        let script = ScriptedCalls(accept: [.fail(EMFILE), .fail(ENFILE)])
        try await withServer([Self.now], calls: script.calls) { test in
            let client = try await test.connect()
            try await client.send(Self.ask)
            let figures = test.server.configuration.figures
            try await test.until { figures.acceptPauses == 1 }
            await test.advance(by: .milliseconds(49))
            #expect(figures.acceptPauses == 1)
            // The second time it waits twice as long.
            await test.advance(by: .milliseconds(2))
            try await test.until { figures.acceptPauses == 2 }
            await test.advance(by: .milliseconds(99))
            #expect(figures.accepted == 0)
            await test.advance(by: .milliseconds(2))
            #expect(try await client.reply()?.body == "now")
        }
    }

    @Test func withoutDescriptorsAnIdleConnectionMakesRoom() async throws {
        let script = ScriptedCalls(accept: [.atMost(0), .fail(EAGAIN), .fail(EMFILE)])
        try await withServer([Self.now], calls: script.calls) { test in
            let idle = try await test.connect()
            #expect(try await idle.ask(Self.ask)?.body == "now")
            let client = try await test.connect()
            #expect(try await client.ask(Self.ask)?.body == "now")
            #expect(try await idle.rest() == "")
            let figures = test.server.configuration.figures
            #expect(figures.idleClosed == 1)
            #expect(figures.acceptPauses == 0)
        }
    }

    @Test func aConnectionThatBrokeInTheQueueIsPassedOver() async throws {
        let script = ScriptedCalls(accept: [.fail(ECONNABORTED), .fail(EPROTO), .fail(EINTR)])
        try await withServer([Self.now], calls: script.calls) { test in
            let client = try await test.connect()
            #expect(try await client.ask(Self.ask)?.body == "now")
            #expect(test.server.configuration.figures.acceptPauses == 0)
            #expect(script.left == 0)
        }
    }
}
