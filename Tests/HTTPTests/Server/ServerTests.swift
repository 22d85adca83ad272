import Glibc
import HTTP
import HTTPTypes
import Reactor
import Testing

@Suite(.timeLimit(.minutes(10))) struct ServerTests {
    private static let host = "HTTP/1.1\r\nHost: h\r\n"
    private let routes = [
        Route(
            .get, "/now", .immediate { request in .text("now \(request.query.map(\.value).joined(separator: ","))") }),
        Route(
            .get, "/later",
            .async { request in
                await Task.yield()
                return .text("later")
            }),
        Route(
            .post, "/echo",
            .immediate { request in
                let trailer = request.trailers.map { "|\($0.name.rawName)=\($0.value)" }.joined()
                return .text("\(request.method.rawValue) \(String(decoding: request.body, as: UTF8.self))\(trailer)")
            }),
        Route(.post, "/strict", body: .required(types: ["application/json"]), .immediate { _ in .text("taken") }),
        Route(
            .get, "/jobs/{id}/files/{name}",
            .immediate { request in
                .text("\(request.parameter("id") ?? "-") \(request.parameter("name") ?? "-") \(request.id)")
            }),
        Route(.get, "/broken", .immediate { _ in throw SystemError(call: "disk /secret/path", code: EIO) }),
        Route(.get, "/broken/later", .async { _ in throw SystemError(call: "disk", code: EIO) }),
        Route(.get, "/teapot", .immediate { _ in throw Teapot() }),
    ]

    private struct Teapot: AnsweringError {
        func answer(to request: Request) -> Response { .text("short and stout", status: .init(code: 418)) }
    }

    @Test func answersPipelinedRequestsInOrder() async throws {
        try await withServer(routes) { test in
            let client = try await test.connect()
            try await client.send(
                "GET /later \(Self.host)\r\nGET /now?a=1 \(Self.host)\r\nPOST /echo \(Self.host)Content-Length: 2\r\n\r\nhi"
                    + "GET /later \(Self.host)\r\nGET /now \(Self.host)Connection: close\r\n\r\nGET /now \(Self.host)\r\n"
            )
            var bodies: [String] = []
            while let reply = try await client.reply() { bodies.append(reply.body) }
            #expect(bodies == ["later", "now 1", "POST hi", "later", "now "])
        }
    }

    @Test func readsBodiesHoweverTheyCome() async throws {
        try await withServer(routes) { test in
            let client = try await test.connect()
            let text =
                "POST /echo \(Self.host)Transfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n2\r\nde\r\n0\r\nX-T: 1\r\n\r\n"
            #expect(try await client.ask(text)?.body == "POST abcde|X-T=1")
            for byte in text { try await client.send(String(byte)) }
            #expect(try await client.reply()?.body == "POST abcde|X-T=1")
            let large = String(repeating: "x", count: 300_000)
            let reply = try await client.ask("POST /echo \(Self.host)Content-Length: 300000\r\n\r\n\(large)")
            #expect(reply?.body == "POST \(large)")
            try await test.until { test.server.bodyBytes == 0 }
        }
    }

    @Test func asksForABodyThatTheClientHoldsBack() async throws {
        try await withServer(routes) { test in
            let client = try await test.connect()
            let head = "POST /echo \(Self.host)Content-Length: 2\r\nExpect: 100-continue\r\n\r\n"
            #expect(try await client.ask(head)?.status == 100)
            #expect(try await client.ask("hi")?.body == "POST hi")
            // Refused before the body: no 100, and the connection ends.
            let refused = try await client.ask(head.replacing("/echo", with: "/nothing"))
            #expect(refused?.status == 404)
            #expect(refused?.fields["connection"] == "close")
        }
    }

    @Test(
        arguments: [
            ("GET /nothing", 404, nil), ("DELETE /now", 405, "GET, HEAD, OPTIONS"),
            ("FROB /now", 501, "GET, HEAD, OPTIONS"),
            ("OPTIONS /echo", 204, "OPTIONS, POST"), ("OPTIONS *", 204, "GET, HEAD, OPTIONS, POST"),
            ("GET /now?a=%ff", 400, nil), ("GET /now?%", 400, nil), ("GET /jobs/..%2f/files/x", 400, nil),
            ("GET /jobs/a/files/", 404, nil), ("GET /jobs/a/files/../x", 404, nil), ("POST /strict", 411, nil),
            ("GET /teapot", 418, nil),
        ] as [(String, Int, String?)])
    func answersWithoutAHandler(line: String, status: Int, allow: String?) async throws {
        try await withServer(routes) { test in
            let client = try await test.connect()
            let reply = try #require(try await client.ask("\(line) \(Self.host)\r\n"))
            #expect(reply.status == status)
            #expect(reply.fields["allow"] == allow)
            #expect(reply.reason.isEmpty == (status == 418), "\(status) \(reply.reason)")
            for name in reply.names {
                let parts = name.split(separator: "-")
                #expect(parts.allSatisfy { $0.first?.isUppercase == true }, "\(name) is not written as the others are")
            }
            if status >= 400, status != 418 {
                #expect(reply.fields["content-type"] == "application/problem+json")
                #expect(reply.fields["x-request-id"]?.hasPrefix("0000abcd-") == true)
            }
            if !line.contains("%") || status != 400 {
                #expect(try await client.ask("GET /now \(Self.host)\r\n")?.status == 200)
            }
        }
    }

    @Test(arguments: [
        ("application/json", "", 200), ("APPLICATION/JSON ; charset=\"utf-8\"", "", 200), ("text/plain", "", 415),
        ("application/jsonx", "", 415), ("application/json, text/plain", "", 415),
        ("application/json", "Content-Encoding: gzip\r\n", 415),
        ("application/json", "Content-Encoding: identity\r\n", 200),
        ("application/json\r\nContent-Type: application/json", "", 415),
    ])
    func holdsABodyToItsRule(type: String, more: String, status: Int) async throws {
        try await withServer(routes) { test in
            let client = try await test.connect()
            let head = "POST /strict \(Self.host)Content-Type: \(type)\r\n\(more)Content-Length: 2\r\n\r\n"
            #expect(try await client.ask(head + "{}")?.status == status)
            // The refused body was thrown away: the connection goes on.
            #expect(try await client.ask("GET /now \(Self.host)\r\n")?.status == 200)
        }
    }

    @Test func parametersAndHead() async throws {
        try await withServer(routes) { test in
            let client = try await test.connect()
            let reply = try await client.ask("GET /jobs/a%20b/files/m.onnx \(Self.host)\r\n")
            #expect(reply?.body == "a b m.onnx 0000abcd-0000000000000001")
            let head = try await client.ask("HEAD /now \(Self.host)\r\n", isHead: true)
            #expect(head?.fields["content-length"] == "4")
            #expect(try await client.ask("GET /now \(Self.host)\r\n")?.body == "now ")
        }
    }

    @Test(arguments: ["/broken", "/broken/later"])
    func aHandlerThatFailsIsA500WithoutItsReason(path: String) async throws {
        try await withServer(routes) { test in
            let client = try await test.connect()
            let reply = try #require(try await client.ask("GET \(path) \(Self.host)\r\n"))
            #expect(reply.status == 500)
            #expect(reply.body.contains("0000abcd-0000000000000001"))
            #expect(!reply.body.contains("disk"))
            #expect(test.events.all.count == 1)
            #expect(test.events.all.first?.contains("disk") == true)
            #expect(try await client.ask("GET /now \(Self.host)\r\n")?.status == 200)
        }
    }

    @Test func aBodyOverTheLimitIs413AndTheClientSeesIt() async throws {
        try await withServer(routes) {
            $0.limits.body = 1_000
        } _: { test in
            let first = try await test.connect()
            let refused = try await first.ask(
                "POST /echo \(Self.host)Content-Length: 1001\r\n\r\n" + String(repeating: "x", count: 1_001))
            #expect(refused?.status == 413)
            // The body was small enough to be thrown away: the connection goes on.
            #expect(try await first.ask("GET /now \(Self.host)\r\n")?.status == 200)
            let second = try await test.connect()
            try await second.send(
                "POST /echo \(Self.host)Transfer-Encoding: chunked\r\n\r\n400\r\n"
                    + String(repeating: "x", count: 1_024))
            #expect(try await second.reply()?.status == 413)
            #expect(try await second.reply() == nil)
        }
    }

    @Test func bodiesTogetherAreLimited() async throws {
        try await withServer(routes) {
            $0.limits.bodiesTogether = 1_000
        } _: { test in
            let first = try await test.connect()
            try await first.send(
                "POST /echo \(Self.host)Content-Length: 900\r\n\r\n" + String(repeating: "x", count: 800))
            try await test.until { test.server.bodyBytes == 800 }
            let second = try await test.connect()
            let refused = try await second.ask(
                "POST /echo \(Self.host)Content-Length: 900\r\n\r\n" + String(repeating: "x", count: 900))
            #expect(refused?.status == 503)
            #expect(refused?.fields["retry-after"].flatMap { Int($0) }.map { 1...4 ~= $0 } == true)
            #expect(try await first.ask(String(repeating: "x", count: 100))?.status == 200)
        }
    }

    @Test func slowReadersAreNotReadFurther() async throws {
        let large = String(repeating: "y", count: 100_000)
        let route = Route(.get, "/large", .immediate { _ in .text(large) })
        try await withServer([route]) { test in
            let client = try await test.connect()
            try await client.send(String(repeating: "GET /large \(Self.host)\r\n", count: 200))
            for _ in 0..<200 { #expect(try await client.reply()?.body.utf8.count == 100_000) }
        }
    }

    @Test func listensOnAUnixSocketAndReplacesAStaleOne() async throws {
        let path = "/tmp/tpud-test-\(UInt32.random(in: 0 ... .max)).sock"
        for _ in 0..<2 {
            // The second round finds the file of a socket that nobody listens on.
            try await withServer(routes) {
                $0.listen = [.unix(path: path, mode: 0o600)]
            } _: { test in
                let rival = Server(
                    ServerConfiguration(listen: [.unix(path: path)]), router: Router([]), reactor: test.reactor)
                await #expect(throws: SystemError(call: "bind", code: EADDRINUSE)) { _ = try await rival.start() }
                var address = sockaddr_un()
                address.sun_family = sa_family_t(AF_UNIX)
                withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
                let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
                let connected = withUnsafePointer(to: &address) { pointer in
                    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                    }
                }
                #expect(connected == 0)
                let client = try await test.client(descriptor)
                #expect(try await client.ask("GET /now \(Self.host)\r\n")?.body == "now ")
            }
            #expect(access(path, F_OK) != 0)
            // A socket that is bound and closed leaves its file behind.
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            let stale = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
            _ = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(stale, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            close(stale)
            #expect(access(path, F_OK) == 0)
        }
        unlink(path)
    }

    @Test func refusesAnAddressThatIsNone() async throws {
        for address in [ListenAddress.tcp(host: "localhost", port: 0), .unix(path: String(repeating: "x", count: 108))]
        {
            let reactor = try EventLoop()
            let thread = try reactor.start()
            let server = Server(ServerConfiguration(listen: [address]), router: Router([]), reactor: reactor)
            await #expect(throws: SystemError(call: "bind", code: EINVAL)) { _ = try await server.start() }
            reactor.stop()
            thread.join()
        }
    }
}
