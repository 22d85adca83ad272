import Foundation
import Formats
import TestSupport
import Testing
import Transfer

/// Answers with gzip, and how long answers say that they hold.
@Suite struct AnswerCodingTests {
    private static let gzip = [("Accept-Encoding", "gzip, br;q=0.5")]

    /// What is coded has the same bytes once it is decoded.
    private func expectCoded(_ target: String, _ daemon: DaemonProcess) throws {
        let plain = try daemon.send("GET", target)
        let coded = try daemon.send("GET", target, fields: Self.gzip)
        #expect(plain.field("content-encoding") == nil, "\(target)")
        #expect(coded.field("content-encoding") == "gzip", "\(target)")
        #expect(coded.field("vary")?.contains("Accept-Encoding") == true, "\(target)")
        #expect(coded.body.count * 2 < plain.body.count, "\(target)")
        let folder = try DaemonProcess.StateFolder()
        try Data(coded.body).write(to: URL(filePath: folder.path + "/body"))
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: plain.body.count + 1, alignment: 1)
        defer { room.deallocate() }
        let count = try GzipReader(try OpenFile(path: folder.path + "/body")).read(into: room)
        #expect(Array(room[..<count]) == plain.body, "\(target)")
    }

    @Test func whatIsLongAndHasNoTagIsCoded() throws {
        let daemon = try DaemonProcess()
        var job = Jobs.tiny()
        job["name"] = .string(String(repeating: "n", count: 60))
        let id = try daemon.submit(job)
        for _ in 0..<9 { _ = try daemon.final(try daemon.submit(job)) }
        let final = try daemon.final(id)
        for target in ["/v1/jobs", "/v1/jobs?pretty", "/v1/jobs?full=true", "/v1/events?limit=20", "/openapi.json"] {
            try expectCoded(target, daemon)
        }
        // A tag names the bytes; a small answer fits into a packet as it is; what is refused is not taken.
        let version = final["version"]?.int ?? 0
        for (target, fields) in [
            ("/v1/jobs/\(id)", Self.gzip), ("/v1/version", Self.gzip), ("/v1/jobs?limit=1", Self.gzip),
            ("/v1/jobs", [("Accept-Encoding", "gzip;q=0")]), ("/v1/jobs", [("Accept-Encoding", "br")]),
        ] {
            #expect(try daemon.send("GET", target, fields: fields).field("content-encoding") == nil, "\(target)")
        }
        #expect(try daemon.send("GET", "/v1/jobs/\(id)", fields: Self.gzip).field("etag") == "\"\(version)\"")
    }

    @Test func answersSayHowLongTheyHold() throws {
        let daemon = try DaemonProcess()
        let id = try daemon.submit(Jobs.tiny())
        _ = try daemon.final(id)
        for (target, fields, status, control) in [
            ("/v1/jobs/\(id)", [], 200, "no-cache"), ("/v1/jobs/\(id)", [("If-None-Match", "*")], 304, "no-cache"),
            ("/v1/jobs/\(id)?wait=1s&until=terminal", [], 200, "no-cache"), ("/v1/jobs", [], 200, "no-store"),
            ("/v1/queue", [], 200, "no-store"), ("/v1/jobs/\(id)/logs", [], 200, "no-store"),
            ("/v1/jobs/\(id)/checkpoints/1/model.safetensors", [], 200, "no-cache"), ("/healthz", [], 200, nil),
        ] as [(String, [(String, String)], Int, String?)] {
            let reply = try daemon.send("GET", target, fields: fields)
            #expect(reply.status == status && reply.field("cache-control") == control, "\(target) \(fields)")
        }
        // A poll that waits is answered without its request's task.
        let running = try daemon.submit(Jobs.tiny(steps: 100_000_000))
        let version = try daemon.job(running) { $0["state"] == "RUNNING" }["version"]?.int ?? 0
        let reply = try daemon.send("GET", "/v1/jobs/\(running)?wait=50ms&since_version=\(version)")
        #expect(reply.status == 200 && reply.field("cache-control") == "no-cache")
        #expect(try daemon.send("POST", "/v1/jobs/\(running)/cancel").field("cache-control") == nil)
    }

    @Test func whatWaitsSaysHowLong() throws {
        let daemon = try DaemonProcess()
        let reply = try daemon.send("GET", "/v1/topology")
        #expect(reply.field("server-timing")?.wholeMatch(of: /total;dur=\d+\.\d{3}/) != nil)
        #expect(try daemon.send("GET", "/healthz").field("server-timing") == nil)
    }
}
