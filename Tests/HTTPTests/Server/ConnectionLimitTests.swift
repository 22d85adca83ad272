import HTTP
import HTTPTypes
import Reactor
import Testing

/// What happens when there are as many connections as there may be.
@Suite(.timeLimit(.minutes(10))) struct ConnectionLimitTests {
    private static let ask = "GET /now HTTP/1.1\r\nHost: h\r\n\r\n"
    private static let now = Route(.get, "/now", .immediate { _ in .text("now") })

    /// A handler that holds its answer until the test gives it.
    private static func held(_ answers: HeldAnswers) -> Route {
        Route(.get, "/held", .deferred { _ in .later(answers.make()) })
    }

    @Test func theConnectionThatIsIdleLongestMakesRoom() async throws {
        try await withServer([Self.now]) {
            $0.limits.connections = 3
        } _: { test in
            let clients = [try await test.connect(), try await test.connect(), try await test.connect()]
            try await test.until { test.server.connectionCount == 3 }
            // The first was used last, the second has never sent a byte.
            #expect(try await clients[2].ask(Self.ask)?.status == 200)
            #expect(try await clients[0].ask(Self.ask)?.status == 200)
            let fourth = try await test.connect()
            #expect(try await fourth.ask(Self.ask)?.status == 200)
            #expect(try await clients[1].rest() == "")
            let fifth = try await test.connect()
            #expect(try await fifth.ask(Self.ask)?.status == 200)
            #expect(try await clients[2].rest() == "")
            #expect(try await clients[0].ask(Self.ask)?.status == 200)
            #expect(test.server.configuration.figures.idleClosed == 2)
            #expect(test.server.configuration.figures.acceptPauses == 0)
            #expect(test.server.configuration.figures.connections == 3)
            // All three are still connected.
            #expect(try await clients[0].ask(Self.ask)?.status == 200)
            #expect(try await fourth.ask(Self.ask)?.status == 200)
            #expect(try await fifth.ask(Self.ask)?.status == 200)
        }
    }

    @Test func whileNoneIsIdleNewOnesWait() async throws {
        let answers = HeldAnswers()
        try await withServer([Self.now, Self.held(answers)]) {
            $0.limits.connections = 1
        } _: { test in
            let first = try await test.connect()
            try await first.send("GET /held HTTP/1.1\r\nHost: h\r\n\r\n")
            try await test.until { answers.begun == 1 }
            let second = try await test.connect()
            try await second.send(Self.ask)
            try await test.until { test.events.all.contains { $0.contains("acceptPaused") } }
            await test.reactor.call { answers.answerAll(.text("late")) }
            #expect(try await first.reply()?.body == "late")
            // It is idle now, and gives way.
            #expect(try await second.reply()?.status == 200)
            #expect(try await first.rest() == "")
        }
    }

    @Test func oneClientHasNoMoreThanItsShare() async throws {
        try await withServer([Self.now]) {
            $0.limits.connectionsPerClient = 2
        } _: { test in
            let clients = [try await test.connect(), try await test.connect()]
            for client in clients { #expect(try await client.ask(Self.ask)?.status == 200) }
            let third = try await test.connect()
            #expect(try await third.rest() == "")
            #expect(test.server.configuration.figures.refusedClients == 1)
            #expect(test.server.connectionCount == 2)
            // One that has ended makes room.
            try await test.close(clients[0])
            try await test.until { test.server.connectionCount == 1 }
            let fourth = try await test.connect()
            #expect(try await fourth.ask(Self.ask)?.status == 200)
            #expect(try await clients[1].ask(Self.ask)?.status == 200)
        }
    }
}
