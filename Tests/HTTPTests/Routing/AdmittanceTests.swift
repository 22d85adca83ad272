import HTTP
import HTTPTypes
import Reactor
import Testing

/// Who asks is looked at before the body is read, and what is held ends with what let it in.
@Suite(.timeLimit(.minutes(10))) struct AdmittanceTests {
    private static let host = "HTTP/1.1\r\nHost: h\r\n"

    /// Lets in whoever names itself, but for "nobody".
    @Sendable private static func admits(_ request: Request) -> Admittance {
        switch request.field(.authorization) {
        case nil: .refused(HTTPError(.unauthenticated, "who asks?", fields: [.wwwAuthenticate: "Name"]))
        case "nobody": .refused(HTTPError(.forbidden, "not you"))
        case let name?: .admitted(bearer: name)
        }
    }

    @Test func whoIsRefusedIsAnsweredBeforeItsBodyIsRead() async throws {
        let echo = Route(.post, "/echo", admits: Self.admits, .async { .json($0.body) })
        try await withServer([echo]) { test in
            let client = try await test.connect()
            // Its body never comes: an answer that waited for it would not come either.
            let refused = try await client.ask("POST /echo \(Self.host)Content-Length: 5\r\n\r\n")
            #expect(refused?.status == 401 && refused?.fields["www-authenticate"] == "Name")
            #expect(refused?.body.contains("UNAUTHENTICATED") == true)
            try await client.send("12345")
            let forbidden = try await client.ask(
                "POST /echo \(Self.host)Authorization: nobody\r\nContent-Length: 1\r\n\r\n1")
            #expect(forbidden?.status == 403 && forbidden?.body.contains("FORBIDDEN") == true)
            let taken = try await client.ask("POST /echo \(Self.host)Authorization: a\r\nContent-Length: 2\r\n\r\n12")
            #expect(taken?.status == 200 && taken?.body == "12")
        }
    }

    @Test func whatIsHeldEndsWithWhatLetItIn() async throws {
        let answers = HeldAnswers()
        let polls = Route(.get, "/poll", admits: Self.admits, .deferred { _ in .later(answers.make()) })
        let bodies = Route(
            .get, "/log", admits: Self.admits, .immediate { _ in Response(.ok, body: .held(answers.make())) })
        try await withServer([polls, bodies]) { test in
            var clients: [String: Client] = [:]
            for (name, path) in [("a", "/poll"), ("b", "/poll"), ("c", "/log"), ("d", "/log")] {
                let client = try await test.connect()
                try await client.send("GET \(path) \(Self.host)Authorization: \(name)\r\n\r\n")
                clients[name] = client
            }
            let idle = try await test.connect()
            try await test.until { answers.begun == 4 }
            let server = test.server
            await test.reactor.call { server.breakOff(bearers: ["a", "c", "z"]) }
            #expect(answers.gone == 2)
            #expect(try await clients["a"]?.rest() == "")
            #expect(try await clients["c"]?.rest().hasSuffix("0\r\n\r\n") == false)
            await test.reactor.call { answers.each { $0.breakOff() } }
            try await test.until { answers.gone == 4 }
            #expect(try await idle.ask("GET /none \(Self.host)\r\n")?.status == 404)
        }
    }

    /// A handler that has begun may only then come to hold its answer.
    @Test func whatIsHeldLaterEndsAsWell() async throws {
        let answers = HeldAnswers()
        let (gate, open) = AsyncStream<Void>.makeStream()
        let (begun, begin) = AsyncStream<Void>.makeStream()
        let polls = Route(
            .get, "/poll", admits: Self.admits,
            .deferred { _ in
                begin.yield()
                for await _ in gate { break }
                return .later(answers.make())
            })
        try await withServer([polls]) { test in
            let client = try await test.connect()
            try await client.send("GET /poll \(Self.host)Authorization: a\r\n\r\n")
            for await _ in begun { break }
            let server = test.server
            await test.reactor.call { server.breakOff(bearers: ["a"]) }
            #expect(await test.connections == 1)
            open.yield()
            #expect(try await client.rest() == "")
            #expect(answers.gone == 1 && answers.begun == 0)
        }
    }
}
