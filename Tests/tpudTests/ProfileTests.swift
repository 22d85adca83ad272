import Formats
import Testing
import TestSupport
import Transfer

/// Traces of a job's steps, against the real binary.
@Suite(.timeLimit(.minutes(2))) struct ProfileTests {
    @Test func tracesOfARunningJob() throws {
        let daemon = try DaemonProcess(["--pod", "2h8c"])
        var spec = Jobs.digits(steps: 1_000_000, checkpoints: 100_000, loop: 100_000)
        spec["tpu_config"]?["num_shards"] = 16
        spec["eval_batch_size"] = nil
        spec["evaluate"] = nil
        spec["mode"] = "train"
        let id = try daemon.submit(spec)
        let target = "/v1/jobs/\(id)"
        // However long its loops are, and however far it is.
        _ = try daemon.job(id) { $0["state"] == "RUNNING" }
        for (path, status) in [("profile?steps=0", 400), ("profile?steps=1001", 400), ("profile?steps=x", 400)] {
            #expect(try daemon.send("POST", "\(target)/\(path)").status == status, "\(path)")
        }
        #expect(try daemon.send("POST", "\(target)/profile?steps=5", body: Array("{\"a\":1}".utf8)).status == 422)
        #expect(try daemon.json("\(target)/profiles") == ["profiles": []])
        var last = 0
        for (number, query) in [(1, "?steps=20"), (2, "")] {
            let asked = try daemon.send("POST", "\(target)/profile\(query)")
            #expect(asked.status == 202)
            #expect(try JSON(parsing: asked.body)["id"] == .string(id))
            try until("profile \(number)") {
                try daemon.json("\(target)/profiles")["profiles"]?.array?.count == number
            }
            let listed = try #require(try daemon.json("\(target)/profiles")["profiles"]?.array?.first)
            #expect(listed["profile"]?.int == number)
            let (first, end) = (try #require(listed["first_step"]?.int), try #require(listed["last_step"]?.int))
            #expect(end - first + 1 == (number == 1 ? 20 : 10) && first > last, "\(listed)")
            last = end
            let reply = try daemon.send("GET", "\(target)/profiles/\(number)")
            #expect(reply.status == 200 && reply.field("content-type") == "application/json")
            #expect(reply.body.count == listed["bytes"]?.int)
            let trace = try JSON(parsing: reply.body)
            let events = try #require(trace["traceEvents"]?.array)
            let tracks = Set(
                events.filter { $0["name"] == "thread_name" }.compactMap { $0["args"]?["name"]?.string })
            #expect(
                tracks.isSuperset(of: ["training loop", "device", "infeed of host 0", "infeed of host 1"]), "\(tracks)")
            let steps = events.filter { $0["cat"] == "device" && $0["name"]?.string?.hasPrefix("step ") == true }
            #expect(steps.map { $0["name"]?.string } == (first...end).map { "step \($0)" })
            #expect(steps.allSatisfy { $0["ph"] == "X" && ($0["dur"]?.double ?? 0) > 0 })
            let tag = try #require(reply.field("etag"))
            #expect(
                try daemon.send("GET", "\(target)/profiles/\(number)", fields: [("If-None-Match", tag)]).status == 304)
        }
        // Asked again with the same key it is the same request: nothing more is traced.
        func ask(_ query: String, _ body: [UInt8] = []) throws -> Reply {
            try daemon.send("POST", "\(target)/profile\(query)", body: body, fields: [("Idempotency-Key", "k")])
        }
        let keyed = try ask("?steps=3")
        #expect(keyed.status == 202 && keyed.field("idempotency-replayed") == nil)
        try until("the third") { try daemon.json("\(target)/profiles")["profiles"]?.array?.count == 3 }
        let replayed = try ask("?steps=3")
        #expect(replayed.status == 202 && replayed.field("idempotency-replayed") == "true")
        #expect(replayed.body == keyed.body)
        for other in [try ask("?steps=4"), try ask(""), try ask("?steps=3", Array("{}".utf8))] {
            #expect(other.status == 422)
            #expect(try JSON(parsing: other.body)["code"] == "IDEMPOTENCY_KEY_REUSED")
        }
        #expect(
            try daemon.send("POST", "\(target)/profile", fields: [("Idempotency-Key", "a b")]).status == 400)
        let asked = try daemon.json("/v1/audit")["entries"]?.array ?? []
        #expect(asked.count { $0["verb"] == "profile" && $0["result"] == "ASKED" } == 3)
        #expect(try daemon.send("GET", "\(target)/profiles/4").status == 404)
        #expect(try daemon.send("GET", "\(target)/profiles/spec").status == 404)
        #expect(try daemon.send("POST", "\(target)/cancel").status == 202)
        let ended = try daemon.final(id)
        #expect(ended["state"] == "CANCELLED")
        let late = try daemon.send("POST", "\(target)/profile")
        #expect(late.status == 409)
        #expect(try JSON(parsing: late.body)["current_state"] == "CANCELLED")
        // They go with the job.
        #expect(try daemon.json("\(target)/profiles")["profiles"]?.array?.count == 3)
        #expect(try daemon.send("DELETE", target).status == 204)
        #expect(try daemon.send("GET", "\(target)/profiles").status == 404)
        #expect(daemon.terminate() == 0)
    }
}
