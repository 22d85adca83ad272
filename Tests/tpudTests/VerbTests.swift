import Formats
import Foundation
import Glibc
import Testing
import Transfer

/// What owners ask of jobs, as the real binary does it.
@Suite(.serialized, .timeLimit(.minutes(10))) struct VerbTests {
    private func longJob(_ name: String = "long") -> JSON {
        var spec = Jobs.tiny(steps: 100_000_000, name: name)
        spec["tpu_config"]?["iterations_per_loop"] = 50
        spec["run_config"] = ["save_checkpoints_steps": 1_000_000_000]
        return spec
    }

    private func post(
        _ daemon: DaemonProcess, _ id: String, _ verb: String, key: String? = nil, fields: [(String, String)] = []
    ) throws -> Reply {
        try daemon.send(
            "POST", "/v1/jobs/\(id)/\(verb)", fields: fields + (key.map { [("Idempotency-Key", $0)] } ?? []))
    }

    private func running(_ daemon: DaemonProcess, _ id: String, attempt: Int = 1) throws -> JSON {
        try daemon.job(id) {
            $0["state"] == "RUNNING" && $0["attempt"]?.int == attempt && $0["progress"]?["loss"]?.isNull == false
        }
    }

    private func attempts(_ daemon: DaemonProcess, _ id: String) throws -> [JSON] {
        try daemon.json("/v1/jobs/\(id)/attempts")["attempts"]?.array ?? []
    }

    @Test func aPauseFreesTheCoresAndAResumeGoesOnFromTheCheckpoint() throws {
        let daemon = try DaemonProcess(["--workers", "1"])
        let id = try daemon.submit(longJob())
        _ = try running(daemon, id)
        let asked = try post(daemon, id, "pause")
        #expect(asked.status == 202)
        #expect(try JSON(parsing: asked.body)["state"] == "STOPPING")
        let paused = try daemon.job(id) { $0["state"] == "PAUSED" }
        #expect(paused["placement"]?.isNull == true && daemon.workers.isEmpty)
        let step = try #require(paused["latest_checkpoint"]?["step"]?.int)
        #expect(step > 0)
        let cores = try daemon.json("/v1/topology")["hosts"]?.array?.first?["cores"]?.array ?? []
        #expect(!cores.isEmpty && cores.allSatisfy { $0["job_id"]?.isNull == true })
        #expect(try post(daemon, id, "pause").status == 200)
        // The only place for a worker is free.
        #expect(try daemon.final(try daemon.submit(Jobs.tiny()))["state"] == "SUCCEEDED")
        let resumed = try post(daemon, id, "resume")
        #expect(resumed.status == 202)
        #expect(try post(daemon, id, "resume").status == 200)
        _ = try running(daemon, id, attempt: 2)
        let attempts = try attempts(daemon, id)
        #expect(attempts.first?["outcome"] == "PAUSED" && attempts.first?["end_step"]?.int == step)
        #expect(attempts.last?["start_step"]?.int == step)
        #expect(try post(daemon, id, "kill").status == 202)
        #expect(try daemon.final(id)["state"] == "CANCELLED")
        // A pause on the way to another start leaves it paused.
        let waiting = try daemon.submit(longJob("waiting"))
        #expect(try post(daemon, waiting, "pause").status == 202)
        #expect(try post(daemon, waiting, "cancel").status == 202)
    }

    /// The same weights, byte for byte, as without the pause.
    @Test func aPauseLeavesNoTrace() throws {
        let daemon = try DaemonProcess()
        var spec = Jobs.digits(steps: 2_000, checkpoints: 500)
        let whole = try daemon.final(try daemon.submit(spec))
        spec["name"] = "paused"
        let id = try daemon.submit(spec)
        _ = try daemon.job(id) { $0["state"] == "RUNNING" }
        #expect([200, 202, 409].contains(try post(daemon, id, "pause").status))
        _ = try daemon.send("GET", "/v1/jobs/\(id)?wait=20s&since_version=3")
        try until("it has stopped") { try daemon.json("/v1/jobs/\(id)")["state"] != "STOPPING" }
        #expect([202, 409].contains(try post(daemon, id, "resume").status))
        let job = try daemon.final(id)
        #expect(job["state"] == "SUCCEEDED")
        #expect(job["latest_checkpoint"]?["sha256"] == whole["latest_checkpoint"]?["sha256"])
        #expect(job["result"] == whole["result"])
    }

    @Test func aCheckpointIsWrittenNowAndTheJobGoesOn() throws {
        let daemon = try DaemonProcess()
        let id = try daemon.submit(longJob())
        let before = try running(daemon, id)
        #expect(before["latest_checkpoint"]?.isNull == true)
        #expect(try post(daemon, id, "checkpoint").status == 202)
        let after = try daemon.job(id) { $0["latest_checkpoint"]?.isNull == false }
        #expect(after["state"] == "RUNNING" && after["attempt"]?.int == 1)
        let checkpoint = try daemon.json("/v1/jobs/\(id)/checkpoints")["checkpoints"]?.array?.first
        #expect(checkpoint?["kept_because"] == "REQUEST")
        #expect(try post(daemon, id, "kill").status == 202)
        #expect(try daemon.final(id)["state"] == "CANCELLED")
        let refused = try post(daemon, id, "checkpoint")
        #expect(refused.status == 409)
        let problem = try JSON(parsing: refused.body)
        #expect(problem["current_state"] == "CANCELLED" && problem["allowed"] == ["cancel", "kill"])
    }

    /// A worker that does not listen is gone all the same, and no last checkpoint is waited for.
    @Test func aKillEndsAtOnce() throws {
        let daemon = try DaemonProcess()
        let id = try daemon.submit(longJob())
        _ = try running(daemon, id)
        let worker = try #require(daemon.workers.first)
        Glibc.kill(worker, SIGSTOP)
        #expect(try post(daemon, id, "kill").status == 202)
        let job = try daemon.final(id)
        #expect(job["state"] == "CANCELLED" && job["latest_checkpoint"]?.isNull == true)
        #expect(try attempts(daemon, id).map { $0["outcome"] } == ["CANCELLED"])
        #expect(!daemon.workers.contains(worker))
        #expect(try post(daemon, id, "kill").status == 200)
        #expect(try post(daemon, id, "resume").status == 409)
    }

    @Test func aKeyIsAnsweredAgain() throws {
        let daemon = try DaemonProcess(["--workers", "0"])
        let id = try daemon.submit(Jobs.tiny())
        let first = try post(daemon, id, "pause", key: "a")
        #expect(first.status == 202 && first.field("idempotency-replayed") == nil)
        #expect(first.field("etag") == "\"2\"")
        #expect(try post(daemon, id, "resume").status == 202)
        let again = try post(daemon, id, "pause", key: "a")
        #expect(again.status == 202 && again.body == first.body && again.field("idempotency-replayed") == "true")
        #expect(again.field("etag") == "\"2\"")
        #expect(try daemon.json("/v1/jobs/\(id)")["state"] == "QUEUED")
        // Another verb is another path; another body is another request.
        #expect(try post(daemon, id, "cancel", key: "a").status == 202)
        let other = try daemon.send(
            "POST", "/v1/jobs/\(id)/pause", body: Array("{}".utf8), fields: [("Idempotency-Key", "a")])
        #expect(other.status == 422)
        #expect(try JSON(parsing: other.body)["code"] == "IDEMPOTENCY_KEY_REUSED")
        #expect(try post(daemon, id, "cancel", key: "b").status == 200)
        #expect(try post(daemon, id, "pause", key: "a b").status == 400)
    }

    @Test func aPatchChangesWhatItNames() throws {
        let daemon = try DaemonProcess(["--workers", "0"])
        var spec = Jobs.tiny()
        spec["labels"] = ["team": "vision"]
        let id = try daemon.submit(spec)
        let later = try daemon.submit(Jobs.tiny())
        func patch(_ body: JSON, _ fields: [(String, String)] = []) throws -> Reply {
            try daemon.send("PATCH", "/v1/jobs/\(id)", body: body.serialized(), fields: fields)
        }
        let changed = try patch(
            ["priority": -5, "labels": ["run": "7"], "max_run_seconds": 60, "keep_checkpoint_max": 2],
            [("If-Match", "\"1\"")])
        let job = try JSON(parsing: changed.body)
        #expect(changed.status == 200 && changed.field("etag") == "\"2\"" && job["version"]?.int == 2)
        #expect(job["priority"]?.int == -5 && job["labels"] == ["run": "7", "team": "vision"])
        #expect(job["spec"]?["max_run_seconds"]?.int == 60 && job["spec"]?["priority"]?.int == -5)
        #expect(job["spec"]?["run_config"]?["keep_checkpoint_max"]?.int == 2)
        // The other job is before it now.
        #expect(try daemon.json("/v1/queue")["jobs"]?.array?.map { $0["id"] } == [.string(later), .string(id)])
        let stale = try patch(["priority": 1], [("If-Match", "\"1\"")])
        #expect(stale.status == 412 && stale.field("etag") == "\"2\"")
        #expect(try patch(["priority": 1], [("If-Match", "W/\"2\"")]).status == 412)
        #expect(try patch(["priority": -5], [("If-Match", "*")]).field("etag") == "\"2\"")
        let merge = ("Content-Type", "application/merge-patch+json")
        #expect(try patch(["labels": ["team": .null]], [merge]).status == 200)
        #expect(try daemon.json("/v1/jobs/\(id)")["labels"] == ["run": "7"])
        #expect(try patch(["priority": 1], [("Content-Type", "text/plain")]).status == 415)
        let faulty = try patch(["priority": "high", "state": "RUNNING"])
        #expect(faulty.status == 422)
        #expect(try JSON(parsing: faulty.body)["errors"]?.array?.count == 2)
        #expect(try daemon.send("PATCH", "/v1/jobs/\(id)", body: Array("{".utf8)).status == 400)
        let keyed = try patch(["priority": 9], [("Idempotency-Key", "k")])
        #expect(try patch(["priority": 9], [("Idempotency-Key", "k")]).body == keyed.body)
        #expect(try post(daemon, id, "cancel").status == 202)
        let ended = try patch(["priority": 2])
        #expect(ended.status == 409)
        #expect(try JSON(parsing: ended.body)["current_state"] == "CANCELLED")
        #expect(try patch(["labels": ["kept": "yes"]]).status == 200)
    }

    @Test func aNewLimitHoldsForWhatRuns() throws {
        let daemon = try DaemonProcess()
        let id = try daemon.submit(longJob())
        _ = try running(daemon, id)
        let reply = try daemon.send("PATCH", "/v1/jobs/\(id)", body: Array("{\"max_run_seconds\":0.01}".utf8))
        #expect(reply.status == 200)
        #expect(try daemon.final(id)["state"] == "TIMED_OUT")
    }

    @Test func aDeletedJobIsGoneWithItsFiles() throws {
        var daemon = try DaemonProcess()
        let id = try daemon.submit(Jobs.tiny())
        let held = try daemon.submit(longJob())
        let refused = try daemon.send("DELETE", "/v1/jobs/\(held)")
        #expect(refused.status == 409)
        #expect(try JSON(parsing: refused.body)["allowed"]?.array?.contains("cancel") == true)
        let job = try daemon.final(id)
        let folder = "\(daemon.state.path)/jobs/\(id)"
        #expect(FileManager.default.fileExists(atPath: folder))
        #expect(try daemon.send("DELETE", "/v1/jobs/\(id)", fields: [("If-Match", "\"1\"")]).status == 412)
        let version = try #require(job["version"]?.int)
        let gone = try daemon.send("DELETE", "/v1/jobs/\(id)", fields: [("If-Match", "\"\(version)\"")])
        #expect(gone.status == 204 && gone.body.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: folder))
        for target in ["/v1/jobs/\(id)", "/v1/jobs/\(id)/logs", "/v1/jobs/\(id)/events"] {
            #expect(try daemon.send("GET", target).status == 404)
        }
        #expect(try daemon.send("DELETE", "/v1/jobs/\(id)").status == 404)
        try until("its folder is removed") {
            try FileManager.default.contentsOfDirectory(atPath: "\(daemon.state.path)/deleted").isEmpty
        }
        // What an end between the two steps leaves is put right by the next start.
        _ = try running(daemon, held)
        #expect(try post(daemon, held, "cancel").status == 202)
        _ = try daemon.final(held)
        daemon.kill()
        let state = daemon.state
        try FileManager.default.moveItem(
            atPath: "\(state.path)/jobs/\(held)", toPath: "\(state.path)/deleted/\(held)")
        try FileManager.default.createDirectory(
            atPath: "\(state.path)/deleted/\(id)/checkpoints", withIntermediateDirectories: true)
        daemon = try DaemonProcess(state: state)
        #expect(FileManager.default.fileExists(atPath: "\(state.path)/jobs/\(held)"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(state.path)/deleted") == [])
        #expect(try daemon.send("GET", "/v1/jobs/\(held)/logs").status == 200)
    }
}
