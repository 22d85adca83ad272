import Glibc
import HTTP
import HTTPTypes
import Reactor
import Testing

/// Answers and bodies that go on without a task.
@Suite(.timeLimit(.minutes(10))) struct HeldAnswerTests {
    private static let host = "HTTP/1.1\r\nHost: h\r\n\r\n"
    private static let now = Route(.get, "/now", .immediate { _ in .text("now") })

    @Test func theAnswerComesWhenItIsGivenAndTheNextRequestAfterIt() async throws {
        let answers = HeldAnswers()
        let held = Route(.get, "/held", .deferred { _ in .later(answers.make()) })
        try await withServer([held, Self.now]) { test in
            let client = try await test.connect()
            try await client.send("GET /held \(Self.host)GET /now \(Self.host)")
            try await test.until { answers.begun == 1 }
            await test.reactor.call { answers.answerAll(.text("at last")) }
            #expect(try await client.reply()?.body == "at last")
            #expect(try await client.reply()?.body == "now")
            #expect(answers.gone == 0)
        }
    }

    @Test func aHandlerMayAnswerAtOnceOrFail() async throws {
        let now = Route(.get, "/a", .deferred { _ in .now(.text("a")) })
        let bad = Route(.get, "/b", .deferred { _ in throw HTTPError(.notFound, "nothing here") })
        try await withServer([now, bad]) { test in
            let client = try await test.connect()
            #expect(try await client.ask("GET /a \(Self.host)")?.body == "a")
            #expect(try await client.ask("GET /b \(Self.host)")?.status == 404)
        }
    }

    @Test func whatIsAtHandIsAnsweredAtOnceAndTheRestByATask() async throws {
        let route = Route(
            .get, "/{what}",
            .immediateOrDeferred { request in
                switch request.parameter("what") {
                case "known": return .text("known")
                case "bad": throw HTTPError(.notFound, "nothing here")
                default: return nil
                }
            } otherwise: { request in
                await Task.yield()
                if request.parameter("what") == "worse" { throw HTTPError(.forbidden, "not now") }
                return .now(.text("read"))
            })
        try await withServer([route]) { test in
            let client = try await test.connect()
            try await client.send(
                ["known", "other", "bad", "worse", "known"].map { "GET /\($0) \(Self.host)" }.joined())
            var replies: [String] = []
            for _ in 0..<5 {
                let reply = try await client.reply()
                replies.append(reply?.status == 200 ? reply?.body ?? "" : "\(reply?.status ?? 0)")
            }
            #expect(replies == ["known", "read", "404", "403", "known"])
        }
    }

    @Test func aClientThatGoesAwayIsToldOnce() async throws {
        let answers = HeldAnswers()
        let held = Route(.get, "/held", .deferred { _ in .later(answers.make()) })
        try await withServer([held]) { test in
            let gone = try await test.connect()
            let halfClosed = try await test.connect()
            try await gone.send("GET /held \(Self.host)")
            try await halfClosed.send("GET /held \(Self.host)")
            try await test.until { answers.begun == 2 }
            gone.socket.close()
            halfClosed.socket.closeWriting()
            // Both may only have no more to ask: they are given a second from when the server hears of it.
            while answers.gone < 2 {
                try Task.checkCancellation()
                await test.advance(by: .seconds(2))
            }
            #expect(await test.connections == 0)
        }
    }

    @Test func aHeldBodyIsWrittenInPiecesAndWaitsForItsReader() async throws {
        let bodies = HeldAnswers()
        let log = Route(.get, "/log", .immediate { _ in Response(.ok, body: .held(bodies.make())) })
        let block = [UInt8](repeating: 0x7a, count: 100_000)
        try await withServer([log, Self.now]) { test in
            let client = try await test.connect()
            try await client.send("GET /log \(Self.host)GET /now \(Self.host)")
            try await test.until { bodies.begun == 1 }
            // More than the kernel takes of a client that reads nothing.
            let written = await test.reactor.call {
                var written = 0
                bodies.each { exchange in
                    while exchange.hasRoom, written < 1_000 {
                        exchange.write(block)
                        written += 1
                    }
                }
                return written
            }
            #expect((1..<1_000).contains(written))
            let finishing = Task {
                try await test.until { bodies.rooms > 0 }
                await test.reactor.call {
                    bodies.each { exchange in
                        exchange.write(Array("end".utf8))
                        exchange.finish()
                    }
                }
            }
            #expect(try await client.reply()?.body.utf8.count == written * block.count + 3)
            try await finishing.value
            #expect(try await client.reply()?.body == "now")
        }
    }

    @Test func aHeldBodyOfHTTP10EndsWithTheConnection() async throws {
        let bodies = HeldAnswers()
        let log = Route(.get, "/log", .immediate { _ in Response(.ok, body: .held(bodies.make())) })
        try await withServer([log]) { test in
            let client = try await test.connect()
            try await client.send("GET /log HTTP/1.0\r\n\r\n")
            try await test.until { bodies.begun == 1 }
            await test.reactor.call {
                bodies.each { exchange in
                    exchange.write(Array("one".utf8))
                    exchange.finish()
                }
            }
            #expect(try await client.rest().hasSuffix("\r\n\r\none"))
        }
    }

    @Test func aDrainBreaksOffWhatIsStillHeld() async throws {
        let answers = HeldAnswers()
        let held = Route(.get, "/held", .deferred { _ in .later(answers.make()) })
        try await withServer([held]) { test in
            let client = try await test.connect()
            try await client.send("GET /held \(Self.host)")
            try await test.until { answers.begun == 1 }
            await test.server.drain(deadline: .zero)
            #expect(try await client.rest() == "")
            #expect(answers.gone == 1)
        }
    }
}
