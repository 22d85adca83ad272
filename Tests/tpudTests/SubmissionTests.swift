import API
import Formats
import Foundation
import Testing
import Transfer

/// `POST /v1/jobs` of the real binary.
@Suite(.serialized, .timeLimit(.minutes(10))) struct SubmissionTests {
    private let daemon: DaemonProcess

    init() throws { daemon = try DaemonProcess(["--workers", "1"]) }

    private func post(_ body: JSON, _ target: String = "/v1/jobs") throws -> (reply: Reply, json: JSON) {
        let reply = try daemon.send("POST", target, body: body.serialized())
        return (reply, try JSON(parsing: reply.body))
    }

    @Test func aJobIsStoredRunsAndCanBeReadInEveryWay() throws {
        let (reply, job) = try post(Jobs.tiny(steps: 3))
        #expect(reply.status == 201)
        let id = try #require(job["id"]?.string)
        #expect(reply.field("location") == "/v1/jobs/\(id)")
        #expect(reply.field("etag") == "\"1\"")
        #expect(job["state"] == "QUEUED")
        #expect(job["spec"]?["tpu_config"]?["iterations_per_loop"] == 100)
        // Reads as the client reads it.
        _ = try JobView(wire: WireReader(job))

        let final = try daemon.final(id)
        #expect(final["state"] == "SUCCEEDED", "\(final)")
        #expect(final["result"]?["global_step"] == 3)
        #expect(final["latest_checkpoint"]?["step"] == 3)
        #expect(final["attempt"] == 1)
        let version = try #require(final["version"]?.int)
        let tag = ("If-None-Match", "\"\(version)\"")
        let same = try daemon.send("GET", "/v1/jobs/\(id)", fields: [tag])
        #expect(same.status == 304 && same.body.isEmpty)
        #expect(try daemon.send("GET", "/v1/jobs/\(id)", fields: [("If-None-Match", "\"0\"")]).status == 200)

        let attempts = try daemon.json("/v1/jobs/\(id)/attempts")["attempts"]?.array
        #expect(attempts?.count == 1 && attempts?[0]["outcome"] == "SUCCEEDED" && attempts?[0]["end_step"] == 3)
        let events = try daemon.json("/v1/jobs/\(id)/events")["events"]?.array ?? []
        #expect(events.compactMap { $0["to"]?.string } == ["QUEUED", "STARTING", "RUNNING", "SUCCEEDED"])
        #expect(events.contains { $0["type"] == "CHECKPOINT" })
        let seq = try #require(events[1]["seq"]?.int)
        #expect(try daemon.json("/v1/jobs/\(id)/events?after_seq=\(seq)")["events"]?.array?.count == events.count - 2)
        let stream = try daemon.send("GET", "/v1/jobs/\(id)/events", fields: [("Accept", "text/event-stream")])
        var reader = EventStreamReader()
        let streamed = reader.append(stream.body)
        #expect(streamed.compactMap(\.id).dropLast() == events.compactMap { $0["seq"]?.int.map { "\($0)" } }[...])
        #expect(streamed.last?.event == "end" && streamed.last?.data.contains("\"SUCCEEDED\"") == true)
        let series = try daemon.json("/v1/jobs/\(id)/metrics")["series"]?["loss"]?.array
        #expect(series?.count == 1 && series?[0][0] == 3)

        let step = try daemon.json("/v1/jobs/\(id)/checkpoints")["checkpoints"]?.array?.first
        #expect(step?["step"] == 3)
        let file = try #require(step?["files"]?.array?.first { $0["name"] == "model.safetensors" })
        #expect(file["sha256"] == final["latest_checkpoint"]?["sha256"])
        let path = "/v1/jobs/\(id)/checkpoints/3/model.safetensors"
        let whole = try daemon.send("GET", path)
        #expect(whole.status == 200 && whole.body.count == file["bytes"]?.int)
        let part = try daemon.send("GET", path, fields: [("Range", "bytes=8-17")])
        #expect(part.status == 206 && part.body == Array(whole.body[8...17]))
        #expect(part.field("content-range") == "bytes 8-17/\(whole.body.count)")
        let stale = try daemon.send("GET", path, fields: [("Range", "bytes=8-17"), ("If-Range", "\"x\"")])
        #expect(stale.status == 200 && stale.body == whole.body)
        let past = try daemon.send("GET", path, fields: [("Range", "bytes=999999999-")])
        #expect(past.status == 416 && past.field("content-range") == "bytes */\(whole.body.count)")
        for other in ["3/nothing", "3/..%2F..%2Flog.txt", "4/model.safetensors", "x/model.safetensors"] {
            let status = try daemon.send("GET", "/v1/jobs/\(id)/checkpoints/\(other)").status
            #expect(status == 404 || (status == 400 && other.contains("%2F")), "\(other): \(status)")
        }

        let folder = try #require(final["model_dir"]?.string)
        let spec = try Data(contentsOf: URL(filePath: "\(daemon.state.path)/\(folder)/spec.json"))
        #expect(try JSON(parsing: Array(spec)) == final["spec"])

        let log = try daemon.send("GET", "/v1/jobs/\(id)/logs").body
        #expect(!log.isEmpty)
        #expect(try daemon.send("GET", "/v1/jobs/\(id)/logs?follow=true").body == log)
        #expect(try daemon.send("GET", "/v1/jobs/\(id)/logs?since_offset=5").body == Array(log[5...]))
        let lines = log.split(separator: 10)
        #expect(try daemon.send("GET", "/v1/jobs/\(id)/logs?tail=1").body == lines.last.map { Array($0) + [10] })
        #expect(try daemon.send("GET", "/v1/jobs/\(id)/logs?since_offset=99999999").body.isEmpty)

        #expect(try post([:], "/v1/jobs/\(id)/cancel").reply.status == 409)
        #expect(try post([:], "/v1/jobs/\(id)/cancel").json["current_state"] == "SUCCEEDED")
    }

    @Test func anAnswerIsIndentedForPeople() throws {
        let id = try daemon.submit(Jobs.tiny(steps: 100_000_000))
        func pretty(_ target: String, _ status: Int = 200) throws -> JSON {
            let reply = try daemon.send("GET", target)
            #expect(reply.status == status)
            #expect(String(decoding: reply.body, as: UTF8.self).contains("{\n  \""), "\(target)")
            return try JSON(parsing: reply.body)
        }
        let job = try daemon.job(id) { $0["state"] == "RUNNING" }
        #expect(try pretty("/v1/jobs/\(id)?pretty")["spec"] == job["spec"])
        #expect(try pretty("/v1/jobs?limit=1&pretty=true")["jobs"]?[0]?["id"] == .string(id))
        #expect(try pretty("/version?pretty")["name"] == "tpud")
        #expect(try pretty("/v1/jobs/\(id)x?pretty", 404)["code"] == "NO_SUCH_JOB")
        #expect(try !daemon.send("GET", "/version?pretty=false").body.contains(32))
        #expect(try daemon.send("GET", "/version?pretty=yes").status == 400)
        #expect(try daemon.send("GET", "/v1/jobs/\(id)/logs?pretty").status == 400)
        let created = try daemon.send("POST", "/v1/jobs?pretty", body: Jobs.tiny().serialized())
        #expect(created.status == 201 && created.body.starts(with: "{\n  \"id\"".utf8))
        let poll = Thread { [daemon] in
            usleep(50_000); _ = try? daemon.send("POST", "/v1/jobs/\(id)/cancel", body: [])
        }
        poll.start()
        #expect(try pretty("/v1/jobs/\(id)?pretty&until=terminal&wait=60s")["state"] == "CANCELLED")
    }

    @Test func aDryRunStoresNothing() throws {
        let (reply, plan) = try post(Jobs.digits(steps: 10, checkpoints: 5), "/v1/jobs?dry_run=true")
        #expect(reply.status == 200)
        #expect(plan["valid"] == true)
        #expect(plan["plan"]?["parameters"] == 2410)
        #expect(plan["plan"]?["slice"] == "2x4")
        #expect(plan["plan"]?["steps"] == 10)
        #expect(try daemon.json("/v1/jobs")["jobs"]?.array?.isEmpty == true)
    }

    @Test func aKeyMakesARequestOnce() throws {
        let key = ("Idempotency-Key", "k-1")
        let body = Jobs.tiny().serialized()
        let first = try daemon.send("POST", "/v1/jobs", body: body, fields: [key])
        #expect(first.status == 201 && first.field("idempotency-replayed") == nil)
        let again = try daemon.send("POST", "/v1/jobs", body: body, fields: [key])
        #expect(again.status == 201 && again.field("idempotency-replayed") == "true")
        #expect(again.body == first.body && again.field("location") == first.field("location"))
        let other = try daemon.send("POST", "/v1/jobs", body: Jobs.tiny(steps: 2).serialized(), fields: [key])
        #expect(other.status == 422)
        #expect(try daemon.json("/v1/jobs")["jobs"]?.array?.count == 1)
        let empty = try daemon.send("POST", "/v1/jobs", body: body, fields: [("Idempotency-Key", "a b")])
        #expect(empty.status == 400)
    }

    @Test func aFullQueueSaysWhenToComeBack() throws {
        let full = try DaemonProcess(["--queue-limit", "2", "--workers", "1"])
        let long = try full.submit(Jobs.tiny(steps: 100_000_000))
        _ = try full.job(long) { $0["state"] == "RUNNING" }
        let waiting = try (0..<2).map { _ in try full.submit(Jobs.tiny()) }
        // At once, whether a scheduling pass has seen them or not.
        let queue = try full.json("/v1/queue")["jobs"]?.array ?? []
        #expect(queue.map { $0["id"]?.string } == waiting)
        #expect(queue.map { $0["pending"]?["position"] } == [1, 2])
        let reply = try full.send("POST", "/v1/jobs", body: Jobs.tiny().serialized())
        #expect(reply.status == 429)
        #expect(reply.field("retry-after").flatMap { Int($0) }.map { $0 > 0 } == true)
        let first = try full.job(waiting[0]) { $0["pending"]?["reason"] != "SCHEDULING" }
        #expect(first["pending"]?["reason"] == "WORKER_LIMIT")
        #expect(first["pending"]?["blocking"] == [.string(long)])
        let cores = try full.json("/v1/topology")["hosts"]?[0]?["cores"]?.array ?? []
        #expect(cores.count { $0["job_id"] == .string(long) } == 1 && cores.count == 8)
    }

    @Test func listsArePagedAndFiltered() throws {
        var ids: [String] = []
        for index in 0..<7 {
            var spec = Jobs.tiny(name: index % 2 == 0 ? "even" : "odd")
            spec["labels"] = ["team": index < 3 ? "a" : "b"]
            ids.append(try daemon.submit(spec))
        }
        var seen: [String] = []
        var token = ""
        while true {
            let page = try daemon.json("/v1/jobs?limit=3" + token)
            seen += page["jobs"]?.array?.compactMap { $0["id"]?.string } ?? []
            guard let next = page["next_page_token"]?.string else { break }
            token = "&page_token=\(next)"
        }
        #expect(seen == ids.reversed())
        #expect(try daemon.json("/v1/jobs?name=odd")["jobs"]?.array?.count == 3)
        #expect(try daemon.json("/v1/jobs?label=team=a&name=even")["jobs"]?.array?.count == 2)
        #expect(try daemon.json("/v1/jobs?label=team=a&label=team=b")["jobs"]?.array?.isEmpty == true)
        for id in ids { _ = try daemon.final(id) }
        #expect(try daemon.json("/v1/jobs?state=SUCCEEDED&limit=1000")["jobs"]?.array?.count == 7)
        #expect(try daemon.json("/v1/jobs?state=QUEUED&state=RUNNING")["jobs"]?.array?.isEmpty == true)
    }

    @Test func aQueuedJobIsCancelledAtOnceAndARunningOneAfterACheckpoint() throws {
        let running = try daemon.submit(Jobs.tiny(steps: 100_000_000))
        let queued = try daemon.submit(Jobs.tiny())
        _ = try daemon.job(running) { $0["state"] == "RUNNING" && $0["progress"]?["loss"]?.isNull == false }
        let first = try post([:], "/v1/jobs/\(queued)/cancel")
        #expect(first.reply.status == 202 && first.json["state"] == "CANCELLED")
        #expect(try post([:], "/v1/jobs/\(queued)/cancel").reply.status == 200)

        let stopping = try post([:], "/v1/jobs/\(running)/cancel")
        #expect(stopping.reply.status == 202 && stopping.json["state"] == "STOPPING")
        let final = try daemon.final(running)
        #expect(final["state"] == "CANCELLED", "\(final)")
        #expect(final["latest_checkpoint"]?["step"]?.int.map { $0 > 0 } == true)
        let attempts = try daemon.json("/v1/jobs/\(running)/attempts")["attempts"]?.array
        #expect(attempts?[0]["outcome"] == "CANCELLED")
        #expect(daemon.workers.isEmpty)
    }
}
