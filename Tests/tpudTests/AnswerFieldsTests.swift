import API
import Formats
import Foundation
import HTTPTypes
import Testing
import Transfer

/// Every answer of the real binary has a status that the table of routes says, the header fields that it says of it, and no
/// others.
@Suite(.timeLimit(.minutes(5))) struct AnswerFieldsTests {
    /// What HTTP itself has, whatever is answered.
    private static let transport: Set = [
        "date", "connection", "content-length", "transfer-encoding", "content-type",
    ]

    /// One request and the status of its answer.
    private struct Request {
        let operation: Endpoint.Operation
        var parameters: [String: String] = [:]
        var query = ""
        var fields: [(String, String)] = []
        var body: JSON?
        let status: Int

        init(
            _ operation: Endpoint.Operation, _ parameters: [String: String] = [:], query: String = "",
            fields: [(String, String)] = [], body: JSON? = nil, status: Int
        ) {
            self.operation = operation
            self.parameters = parameters
            self.query = query
            self.fields = fields
            self.body = body
            self.status = status
        }
    }

    /// What an answer has that the table does not say, and what it lacks.
    private static func faults(_ endpoint: Endpoint, _ status: Int, _ fields: [String]) -> [String] {
        let answers = (endpoint.answers + endpoint.generalAnswers).filter { $0.status == status }
        if answers.isEmpty { return ["the status \(status) is not documented"] }
        let said = answers.flatMap(\.fields) + AnswerField.ofAll
        let given = Set(fields).subtracting(transport)
        let known = Set(said.map { $0.name.canonicalName })
        let needed = said.filter { field in
            field.isAlways && !said.contains { $0.name == field.name && !$0.isAlways }
        }
        return given.subtracting(known).sorted().map { "\($0) is not documented" }
            + Set(needed.map { $0.name.canonicalName }).subtracting(given).sorted().map { "\($0) is missing" }
    }

    @discardableResult
    private func check(_ request: Request, of daemon: DaemonProcess) throws -> Reply {
        let endpoint = Endpoint.of(request.operation)
        let target = endpoint.path(request.parameters) + (request.query.isEmpty ? "" : "?" + request.query)
        let reply = try daemon.send(
            endpoint.method.rawValue, target, body: request.body?.serialized(), fields: request.fields)
        let what = "\(endpoint.method.rawValue) \(target)"
        #expect(
            reply.status == request.status, "\(what): \(String(decoding: reply.body.prefix(500), as: UTF8.self))")
        let faults = Self.faults(endpoint, reply.status, reply.fields.map { $0.name.lowercased() })
        #expect(faults.isEmpty, "\(what), \(reply.status): \(faults)")
        return reply
    }

    @Test func answersHaveTheFieldsOfTheTable() throws {
        let daemon = try DaemonProcess()
        let submitted = try check(
            Request(.submitJob, fields: [("Idempotency-Key", "k")], body: Jobs.tiny(), status: 201), of: daemon)
        let id = try #require(try JSON(parsing: submitted.body)["id"]?.string)
        #expect(submitted.field("location") == "/v1/jobs/\(id)")
        let job = try daemon.final(id)
        let version = try #require(job["version"]?.int)
        let file = ["id": id, "step": "1", "file": "model.safetensors"]
        let page = String(decoding: try daemon.send("GET", "/").body, as: UTF8.self)
        let script = try #require(page.firstMatch(of: /\/page\/(\w+)\/(app\.js)/))
        let pageFile = ["version": String(script.1), "file": String(script.2)]
        let key = [("Idempotency-Key", "k")]
        var other = Jobs.tiny()
        other["name"] = "other"
        let requests = [
            Request(.submitJob, fields: key, body: Jobs.tiny(), status: 201),
            Request(.submitJob, fields: key, body: other, status: 422),
            Request(.submitJob, query: "dry_run=true", body: Jobs.tiny(), status: 200),
            Request(.submitJob, status: 411),
            Request(.submitJob, fields: [("Content-Type", "text/plain")], body: [:], status: 415),
            Request(.submitJob, fields: [("Content-Encoding", "gzip")], body: [:], status: 415),
            Request(.submitJob, fields: [("Idempotency-Key", "a b")], body: [:], status: 400),
            Request(.submitJob, fields: [("Origin", "http://example.com")], body: [:], status: 403),
            Request(.listJobs, query: "limit=1", status: 200), Request(.listJobs, query: "limit=0", status: 400),
            Request(.listJobs, fields: [("Accept-Encoding", "gzip")], status: 200),
            Request(.listJobs, fields: [("Host", "example.com")], status: 421),
            Request(.getJob, ["id": id], status: 200), Request(.getJob, ["id": "none"], status: 404),
            Request(.getJob, ["id": id], fields: [("If-None-Match", "\"\(version)\"")], status: 304),
            Request(.readSpecification, ["id": id], status: 200),
            Request(.readSpecification, ["id": id], fields: [("If-None-Match", "*")], status: 304),
            Request(.changeJob, ["id": id], fields: key, body: ["labels": ["a": "b"]], status: 200),
            Request(.changeJob, ["id": id], fields: key, body: ["labels": ["a": "b"]], status: 200),
            Request(.changeJob, ["id": id], body: ["priority": 1], status: 409),
            Request(.changeJob, ["id": id], fields: [("If-Match", "\"0\"")], body: ["labels": [:]], status: 412),
            Request(.changeJob, ["id": id], body: ["name": 1], status: 422),
            Request(.deleteJob, ["id": id], fields: [("If-Match", "\"0\"")], status: 412),
            Request(.cancelJob, ["id": id], status: 409),
            Request(.checkpointJob, ["id": id], body: ["a": 1], status: 422),
            Request(.profileJob, ["id": id], status: 409), Request(.listJobEvents, ["id": id], status: 200),
            Request(.listJobEvents, ["id": id], fields: [("Accept", "text/event-stream")], status: 200),
            Request(.listJobEvents, ["id": id], fields: [("Accept", "text/html")], status: 406),
            Request(.readLogs, ["id": id], status: 200),
            Request(.readLogs, ["id": id], query: "follow=true", status: 200),
            Request(.readMetrics, ["id": id], status: 200), Request(.listCheckpoints, ["id": id], status: 200),
            Request(.downloadCheckpointFile, file, status: 200),
            Request(.downloadCheckpointFile, file, fields: [("Range", "bytes=0-9")], status: 206),
            Request(.downloadCheckpointFile, file, fields: [("Range", "bytes=999999999-")], status: 416),
            Request(.downloadCheckpointFile, file, fields: [("If-None-Match", "*")], status: 304),
            Request(.downloadCheckpointFile, ["id": id, "step": "1", "file": "state.json"], status: 200),
            Request(.downloadCheckpointFile, ["id": id, "step": "9", "file": "state.json"], status: 404),
            Request(.readPredictions, ["id": id], status: 404), Request(.listProfiles, ["id": id], status: 200),
            Request(.downloadProfile, ["id": id, "n": "1"], status: 404),
            Request(.listAttempts, ["id": id], status: 200),
            Request(.readTopology, status: 200), Request(.drainHost, ["n": "0"], fields: key, status: 202),
            Request(.drainHost, ["n": "0"], fields: key, status: 202), Request(.drainHost, ["n": "0"], status: 200),
            Request(.undrainHost, ["n": "0"], body: [:], status: 202), Request(.failHost, ["n": "7"], status: 404),
            Request(.readQueue, status: 200), Request(.listEvents, query: "tail=1", status: 200),
            Request(.listDeliveries, status: 200),
            Request(.redeliver, ["id": "none"], status: 404), Request(.readAudit, status: 200),
            Request(.healthz, status: 200),
            Request(.readyz, status: 200), Request(.version, status: 200), Request(.metrics, status: 200),
            Request(.openAPI, status: 200), Request(.openAPI, fields: [("Accept-Encoding", "gzip")], status: 200),
            Request(.page, status: 200), Request(.page, fields: [("Accept-Encoding", "gzip")], status: 200),
            Request(.page, fields: [("If-None-Match", "*")], status: 304), Request(.pageFile, pageFile, status: 200),
            Request(.pageFile, ["version": "0", "file": "app.js"], status: 404),
            Request(.deleteJob, ["id": id], status: 204),
        ]
        for request in requests { try check(request, of: daemon) }
        // Every route was asked, but those that need a job that runs or predicts.
        let asked = Set(requests.map(\.operation))
        #expect(
            Set(Endpoint.Operation.allCases).subtracting(asked) == [.killJob, .pauseJob, .resumeJob, .repairHost])
        #expect(daemon.terminate() == 0)
    }

    /// Who asks, or asks too often, is told with the fields of that.
    @Test func refusalsHaveTheFieldsOfTheTable() throws {
        let state = try DaemonProcess.StateFolder()
        let script = "exec \"$0\" token add --role viewer --name eve --file \"$1\" 2> /dev/null"
        let (status, output) = try Binary.run("/bin/sh", ["-c", script, Binary.tpud, "\(state.path)/tokens"])
        try #require(status == 0, "\(output)")
        let bearing = [("Authorization", "Bearer \(output.trimmingCharacters(in: .newlines))")]
        let daemon = try DaemonProcess(["--tokens", "\(state.path)/tokens", "--requests-per-second", "2"])
        try check(Request(.version, status: 401), of: daemon)
        try check(Request(.cancelJob, ["id": "none"], fields: bearing, status: 403), of: daemon)
        // As many as there may be are asked at once.
        var statuses: [Int] = []
        while statuses.count < 20, statuses.last != 429 {
            statuses.append(try daemon.send("GET", "/v1/queue", fields: bearing).status)
        }
        try check(Request(.readTopology, fields: bearing, status: 429), of: daemon)
        #expect(daemon.terminate() == 0)
    }

    @Test func whatTheTableDoesNotSayIsFound() {
        let endpoint = Endpoint.of(.getJob)
        let all = ["x-request-id", "server", "date", "cache-control"]
        #expect(Self.faults(endpoint, 200, all + ["etag"]).isEmpty)
        #expect(Self.faults(endpoint, 200, all) == ["etag is missing"])
        #expect(Self.faults(endpoint, 200, all + ["etag", "x-new"]) == ["x-new is not documented"])
        #expect(Self.faults(endpoint, 206, all) == ["the status 206 is not documented"])
        #expect(Self.faults(endpoint, 503, ["x-request-id", "server"]) == ["retry-after is missing"])
    }
}
