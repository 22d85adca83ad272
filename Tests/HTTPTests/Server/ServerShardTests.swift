import HTTP
import HTTPTypes
import Reactor
import Synchronization
import TestSupport
import Testing

/// A server on several reactors.
@Suite(.timeLimit(.minutes(10))) struct ServerShardTests {
    private static let ask = "GET /now HTTP/1.1\r\nHost: h\r\n\r\n"
    private static let now = Route(.get, "/now", .immediate { _ in .text("now") })
    private static let echo = Route(
        .post, "/echo", .async { request in .text(String(decoding: request.body, as: UTF8.self)) })

    private static func held(_ answers: HeldAnswers) -> Route {
        Route(.get, "/held", .deferred { _ in .later(answers.make()) })
    }

    @Test func everyReactorGetsAsManyConnections() async throws {
        try await withServer([Self.now], reactors: 3) { test in
            var clients: [Client] = []
            var runs: Set<String> = []
            for _ in 0..<9 {
                let client = try await test.connect()
                let reply = try #require(try await client.ask(Self.ask))
                #expect(reply.status == 200)
                runs.insert(String(try #require(reply.fields["x-request-id"]).prefix(8)))
                clients.append(client)
            }
            #expect(test.server.connectionCounts == [3, 3, 3])
            // A request's id says whose it was.
            #expect(runs.count == 3)
            // The next one goes where there are the fewest.
            for index in [1, 4] { try await test.close(clients[index]) }
            try await test.until { test.server.connectionCount == 7 }
            #expect(test.server.connectionCounts == [3, 1, 3])
            for client in [try await test.connect(), try await test.connect()] {
                #expect(try await client.ask(Self.ask)?.status == 200)
                #expect(test.server.connectionCounts[1] > 1)
                clients.append(client)
            }
            #expect(test.server.connectionCounts == [3, 3, 3])
            for index in clients.indices where ![1, 4].contains(index) {
                #expect(try await clients[index].ask(Self.ask)?.status == 200)
            }
        }
    }

    @Test func handlersRunWhereTheirConnectionIs() async throws {
        try await withServer(on: 2) { reactor in
            Router([
                Route(.get, "/now", .immediate { _ in .text("\(reactor.isOnReactor)") }),
                Route(
                    .get, "/later",
                    .async { _ in
                        await Task.yield()
                        return .text("\(reactor.isOnReactor)")
                    }),
            ])
        } _: { test in
            for _ in 0..<4 {
                let client = try await test.connect()
                for path in ["now", "later"] {
                    #expect(try await client.ask("GET /\(path) HTTP/1.1\r\nHost: h\r\n\r\n")?.body == "true")
                }
            }
        }
    }

    @Test func theLimitIsThatOfAllTogether() async throws {
        let answers = HeldAnswers()
        try await withServer([Self.now, Self.held(answers)], reactors: 2) {
            $0.limits.connections = 2
        } _: { test in
            let first = try await test.connect()
            try await first.send("GET /held HTTP/1.1\r\nHost: h\r\n\r\n")
            let second = try await test.connect()
            #expect(try await second.ask(Self.ask)?.status == 200)
            try await test.until { answers.begun == 1 }
            // The second is idle, on another reactor than the one that accepts, and gives way.
            let third = try await test.connect()
            try await third.send("GET /held HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await second.rest() == "")
            try await test.until { answers.begun == 2 }
            // None is idle now.
            let fourth = try await test.connect()
            try await fourth.send(Self.ask)
            try await test.until { test.events.all.contains { $0.contains("acceptPaused") } }
            for reactor in test.reactors {
                await reactor.call { answers.answerAll(.text("late")) }
            }
            #expect(try await first.reply()?.body == "late")
            #expect(try await third.reply()?.body == "late")
            #expect(try await fourth.reply()?.status == 200)
            #expect(test.server.configuration.figures.idleClosed == 2)
        }
    }

    @Test func oneClientIsCountedOnAllOfThem() async throws {
        try await withServer([Self.now, Self.echo], reactors: 2) {
            $0.limits.connectionsPerClient = 3
            $0.limits.bodiesPerClient = 1_000
        } _: { test in
            let clients = [try await test.connect(), try await test.connect(), try await test.connect()]
            #expect(try await test.connect().rest() == "")
            #expect(test.server.configuration.figures.refusedClients == 1)
            let half = String(repeating: "x", count: 600)
            try await clients[0].send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 700\r\n\r\n" + half)
            try await test.until { test.server.bodyBytes == 600 }
            let refused = try await clients[1].ask(
                "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 600\r\n\r\n" + half)
            #expect(refused?.status == 503)
            #expect(refused?.body.contains("this client") == true)
            try await test.until { test.server.bodyBytes == 600 }
            #expect(try await clients[0].ask(String(repeating: "y", count: 100))?.body.count == 700)
            try await test.until { test.server.bodyBytes == 0 }
            #expect(
                try await clients[2].ask(
                    "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 600\r\n\r\n" + half)?.status == 200)
        }
    }

    @Test func allOfThemDrain() async throws {
        let answers = HeldAnswers()
        try await withServer([Self.now, Self.held(answers)], reactors: 3) { test in
            var clients: [Client] = []
            for _ in 0..<6 { clients.append(try await test.connect()) }
            for client in clients { try await client.send("GET /held HTTP/1.1\r\nHost: h\r\n\r\n") }
            try await test.until { answers.begun == 6 }
            async let drained: Void = test.server.drain(deadline: .seconds(60))
            try await test.until { test.server.isDraining }
            for reactor in test.reactors {
                await reactor.call { answers.answerAll(.text("late")) }
            }
            for client in clients {
                let reply = try await client.reply()
                #expect(reply?.body == "late" && reply?.fields["connection"] == "close")
                // The server waits for that as long as its clock does not move.
                client.socket.close()
            }
            await drained
            #expect(test.server.connectionCounts == [0, 0, 0])
        }
    }

    /// Clients come, ask, send parts of requests and go in any order: whoever asks is answered, and nothing is left of them.
    @Test(arguments: [1, 2, 3] as [UInt64]) func whateverClientsDoNothingIsLeft(seed: UInt64) async throws {
        try await withServer([Self.now, Self.echo], reactors: 3) { test in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for part in 0..<4 {
                    group.addTask {
                        var random = SeededGenerator(seed: seed &* 31 &+ UInt64(part))
                        for _ in 0..<40 {
                            let client = try await test.connect()
                            switch random.below(4) {
                            case 0: #expect(try await client.ask(Self.ask)?.status == 200, "seed \(seed)")
                            case 1:
                                let body = String(repeating: "x", count: 1 + random.below(5_000))
                                let reply = try await client.ask(
                                    "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: \(body.count)\r\n\r\n" + body)
                                #expect(reply?.body == body, "seed \(seed)")
                            case 2:
                                try await client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nxx")
                            default: break
                            }
                            let socket = client.socket
                            socket.close()
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await test.until { test.server.connectionCount == 0 }
            #expect(test.server.connectionCounts == [0, 0, 0])
            #expect(test.server.bodyBytes == 0)
            #expect(test.server.configuration.figures.connections == 0)
            #expect(test.server.configuration.figures.accepted == 160)
        }
    }
}
