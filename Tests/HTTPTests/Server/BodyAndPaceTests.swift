import Glibc
import HTTP
import HTTPTypes
import Reactor
import Testing

/// Bodies that nobody wants, and clients that take their answers slowly.
@Suite(.timeLimit(.minutes(10))) struct BodyAndPaceTests {
    private static let host = "HTTP/1.1\r\nHost: h\r\n"
    private static let echo = Route(.post, "/echo", .immediate { .text("\($0.body.count)") })

    @Test func aBodyThatNoHandlerWantsIsReadAndNotKept() async throws {
        let answers = HeldAnswers()
        let held = Route(.get, "/held", body: .ignored, .deferred { _ in .later(answers.make()) })
        let plain = Route(.get, "/plain", body: .ignored, .immediate { .text("\($0.body.count)") })
        try await withServer([held, plain, Self.echo]) {
            $0.limits.bodiesTogether = 100_000
        } _: { test in
            let body = String(repeating: "x", count: 60_000)
            // Together far past the budget, while each waits for its answer.
            let waiting = [try await test.connect(), try await test.connect(), try await test.connect()]
            for client in waiting {
                try await client.send("GET /held \(Self.host)Content-Length: 60000\r\n\r\n\(body)")
            }
            try await test.until { answers.begun == 3 }
            #expect(await test.reactor.call { test.server.bodyBytes } == 0)
            let client = try await test.connect()
            let chunked = "Transfer-Encoding: chunked\r\n\r\nea60\r\n\(body)\r\n0\r\n\r\n"
            #expect(try await client.ask("GET /plain \(Self.host)\(chunked)")?.body == "0")
            let kept = try await client.ask("POST /echo \(Self.host)Content-Length: 60000\r\n\r\n\(body)")
            #expect(kept?.body == "60000")
            #expect(test.server.configuration.figures.bodyBytes == 0)
        }
    }

    /// A client whose kernel takes little: an answer of megabytes waits for it.
    private func slowClient(_ test: TestServer) async throws -> CInt {
        guard case .tcp(_, let port) = test.addresses[0] else { throw SystemError(call: "connect", code: EAFNOSUPPORT) }
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        var size: CInt = 4_096
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<CInt>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw SystemError(call: "connect", code: errno) }
        return descriptor
    }

    @Test func aReaderBelowTheRateIsDroppedAndOneAboveItIsNot() async throws {
        let big = Route(
            .get, "/big", .immediate { _ in Response(.ok, type: "text/plain", [UInt8](repeating: 1, count: 64 << 20)) })
        try await withServer([big]) {
            $0.timeouts.minimumReadRate = 100_000
        } _: { test in
            let descriptor = try await slowClient(test)
            defer { close(descriptor) }
            let request = Array("GET /big \(Self.host)\r\n".utf8)
            #expect(send(descriptor, request, request.count, 0) == request.count)
            try await test.until { test.server.connectionCount == 1 }
            var buffer = [UInt8](repeating: 0, count: 1 << 20)
            // 4 MiB in the first 30 s: more than the 3 MB that the rate asks for.
            var read = 0
            while read < 4 << 20 { read += recv(descriptor, &buffer, buffer.count, 0) }
            await test.advance(by: .seconds(31))
            #expect(await test.connections == 1)
            // Then next to nothing.
            read = 0
            while read < 100_000 { read += recv(descriptor, &buffer, 10_000, 0) }
            await test.advance(by: .seconds(31))
            try await test.until { test.server.connectionCount == 0 }
            #expect(test.server.configuration.figures.slowReadersDropped == 1)
        }
    }

    @Test func aLargeAnswerComesWholeBehindPipelinedOnes() async throws {
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let big = Route(
            .get, "/big", .immediate { _ in Response(.ok, type: "application/octet-stream", bytes.map { $0 & 0x7f }) })
        let now = Route(.get, "/now", .immediate { _ in .text("now") })
        try await withServer([big, now]) { test in
            let client = try await test.connect()
            let ask = "GET /now \(Self.host)\r\n"
            try await client.send(ask + "GET /big \(Self.host)\r\n" + ask + "GET /big \(Self.host)\r\n" + ask)
            let expected = String(decoding: bytes.map { $0 & 0x7f }, as: UTF8.self)
            for isBig in [false, true, false, true, false] {
                #expect(try await client.reply()?.body == (isBig ? expected : "now"))
            }
        }
    }

    @Test func aLongPipelineIsReadToItsEnd() async throws {
        let waiting = Route(
            .get, "/wait",
            .async { _ in
                await Task.yield()
                return .text("w")
            })
        try await withServer([waiting]) { test in
            let client = try await test.connect()
            let requests = String(repeating: "GET /wait \(Self.host)\r\n", count: 3_000)
            let socket = client.socket
            let sending = Task { try await socket.write(Array(requests.utf8)) }
            for _ in 0..<3_000 { #expect(try await client.reply()?.body == "w") }
            try await sending.value
        }
    }
}
