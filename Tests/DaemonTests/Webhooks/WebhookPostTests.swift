import API
import Daemon
import Formats
import HTTP
import HTTPTypes
import Store
import Synchronization
import Testing
import Transfer

@Suite struct WebhookPostTests {
    private static let secret = Result { try WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") }

    private static func post(_ url: String, allowed: [String] = ["127.0.0.1"], timeout: Double = 20) throws
        -> WebhookPost
    {
        try WebhookPost(
            SampleDelivery.make(7, origin: "https://h", url: url), secret: try secret.get(),
            policy: AddressPolicy(allowed: allowed.compactMap { IPNetwork($0) }), timeout: timeout)
    }

    @Test func theMessageTellsTheEvent() throws {
        let delivery = SampleDelivery.make(7, url: "https://h/x")
        let wire = try WebhookMessage(delivery).wire
        #expect(wire["type"] == "job.succeeded" && wire["timestamp"] == "2023-11-14T22:13:20.000Z")
        #expect(wire["data"]?["name"] == "digits" && wire["data"]?["owner"] == "alice")
        #expect(wire["data"]?["event"]?["seq"] == 7 && wire["data"]?["event"]?["to"] == "SUCCEEDED")
        #expect(wire["data"]?["event"]?["data"] == ["a": 1])
        let view = DeliveryView(delivery)
        #expect(view.type == "job.succeeded" && view.id == "msg_7" && view.url == "https://h/x" && view.seq == 7)
        #expect(view.nextAttemptAt == delivery.dueAt && view.lastAttemptAt == nil)
    }

    @Test func itIsSignedOverIdTimeAndBody() async throws {
        let seen = Mutex<(fields: HTTPFields, body: [UInt8])?>(nil)
        let route = Route(
            .post, "/hook",
            .immediate { request in
                seen.withLock { $0 = (request.fields, request.body) }
                return Response(.noContent)
            })
        try await LocalServer.with({ _ in ((), route) }) { server, _ in
            let post = try Self.post("http://127.0.0.1:\(server.port)/hook?secret=1")
            #expect(post.send(at: 1_700_000_000) { false } == .delivered(status: 204))
            let (fields, body) = try #require(seen.withLock { $0 })
            let name = try #require(HTTPField.Name(WebhookMessage.signatureField))
            #expect(
                fields[name]
                    == (try Self.secret.get()).signature(id: "msg_7", timestamp: 1_700_000_000, body: body))
            #expect(fields[.contentType] == "application/json" && fields[.userAgent]?.hasPrefix("tpud/") == true)
            #expect(fields[try #require(HTTPField.Name(WebhookMessage.idField))] == "msg_7")
            #expect(fields[try #require(HTTPField.Name(WebhookMessage.timestampField))] == "1700000000")
            #expect(try WebhookMessage(wire: JSON(parsing: body)).event.seq == 7)
            // The same bytes each time, at another moment with another signature.
            _ = post.send(at: 1_700_000_001) { false }
            let again = try #require(seen.withLock { $0 })
            #expect(again.body == body && again.fields[name] != fields[name])
        }
    }

    @Test func whatGoesWrongIsAVerdict() async throws {
        let route = Route(
            .post, "/{what}",
            .async { request in
                switch request.parameter("what") {
                case "moved": return Response(.found, fields: [.location: "/taken"])
                case "gone": return Response(.gone)
                case "busy": return Response(.serviceUnavailable, fields: [.retryAfter: "7"])
                case "hang":
                    try await Task.sleep(for: .seconds(3600))
                    return Response(.ok)
                default: return Response(.ok, type: "text/plain", [UInt8](repeating: 65, count: 1 << 20))
                }
            })
        try await LocalServer.with({ _ in ((), route) }) { server, _ in
            func send(
                _ path: String, allowed: [String] = ["127.0.0.1"], timeout: Double = 20, cancelled: Bool = false
            ) throws -> DeliveryVerdict {
                try Self.post("http://127.0.0.1:\(server.port)/\(path)", allowed: allowed, timeout: timeout)
                    .send(at: 1) { cancelled }
            }
            for (path, verdict) in [
                ("taken", DeliveryVerdict.delivered(status: 200)),
                ("moved", DeliveryVerdict(status: 302, retryAfter: nil)),
                ("gone", DeliveryVerdict(status: 410, retryAfter: nil)),
                ("busy", DeliveryVerdict(status: 503, retryAfter: "7")),
            ] {
                let found = try send(path)
                #expect(found == verdict)
            }
            for (found, code) in [
                (try send("hang", timeout: 0.2), TransferError.Code.timedOut),
                (try send("hang", cancelled: true), .stopped), (try send("taken", allowed: []), .forbiddenAddress),
            ] {
                #expect(found == DeliveryVerdict(TransferError(code, "")))
            }
        }
    }
}
