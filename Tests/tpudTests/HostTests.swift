import Formats
import Foundation
import Testing
import Transfer

/// What operators ask of hosts, as the real binary does it: two hosts of four cores.
@Suite(.serialized, .timeLimit(.minutes(10))) struct HostTests {
    private static let arguments = ["--pod", "2h4c", "--workers", "4"]

    private func longJob(_ shards: Int) -> JSON {
        var spec = Jobs.tiny(steps: 100_000_000, shards: shards, name: "long")
        spec["run_config"] = ["save_checkpoints_steps": 200]
        return spec
    }

    private func post(_ daemon: DaemonProcess, _ host: String, _ verb: String, key: String? = nil) throws -> Reply {
        try daemon.send(
            "POST", "/v1/hosts/\(host)/\(verb)", fields: key.map { [("Idempotency-Key", $0)] } ?? [])
    }

    private func states(_ daemon: DaemonProcess) throws -> [String] {
        try daemon.json("/v1/topology")["hosts"]?.array?.compactMap { $0["state"]?.string } ?? []
    }

    private func running(_ daemon: DaemonProcess, _ id: String, attempt: Int) throws -> Int? {
        let job = try daemon.job(id) {
            $0["state"] == "RUNNING" && $0["attempt"]?.int == attempt && $0["latest_checkpoint"]?.isNull == false
        }
        return job["placement"]?["hosts"]?.array?.first?["host"]?.int
    }

    @Test func aFailedHostsJobsGoOnElsewhere() throws {
        let daemon = try DaemonProcess(Self.arguments)
        let id = try daemon.submit(longJob(4))
        let first = try #require(try running(daemon, id, attempt: 1))
        let other = try daemon.submit(longJob(1))
        #expect(try running(daemon, other, attempt: 1) == 1 - first)
        let failed = try post(daemon, "\(first)", "fail")
        #expect(failed.status == 202)
        #expect(try JSON(parsing: failed.body) == ["host": JSON(first), "state": "DOWN"])
        let waiting = try daemon.job(id) { $0["state"] == "QUEUED" }
        #expect(waiting["attempt"]?.int == 1)
        _ = try daemon.job(id) {
            $0["pending"]?["reason"] == "HOST_UNAVAILABLE" || $0["pending"]?["reason"] == "CORES_BUSY"
        }
        // What ran on the other host ran on; its cores are given to the one that lost its own.
        #expect(try daemon.json("/v1/jobs/\(other)")["attempt"]?.int == 1)
        #expect(try daemon.send("POST", "/v1/jobs/\(other)/kill").status == 202)
        #expect(try running(daemon, id, attempt: 2) == 1 - first)
        let attempts = try daemon.json("/v1/jobs/\(id)/attempts")["attempts"]?.array ?? []
        #expect(attempts.first?["outcome"] == "HOST_FAILED")
        #expect(attempts.last?["start_step"]?.int.map { $0 > 0 } == true)
        #expect(try post(daemon, "\(first)", "fail").status == 200)
        let refused = try post(daemon, "\(first)", "undrain")
        #expect(refused.status == 409)
        let problem = try JSON(parsing: refused.body)
        #expect(problem["current_state"] == "DOWN" && problem["allowed"] == ["fail", "repair"])
        #expect(try post(daemon, "\(first)", "repair").status == 202)
        #expect(try states(daemon) == ["UP", "UP"])
    }

    @Test func aDrainSurvivesARestartAndLeavesWhatRuns() throws {
        var daemon = try DaemonProcess(Self.arguments)
        let id = try daemon.submit(longJob(4))
        let first = try #require(try running(daemon, id, attempt: 1))
        for host in [0, 1] { #expect(try post(daemon, "\(host)", "drain").status == 202) }
        #expect(try post(daemon, "0", "drain").status == 200)
        #expect(try daemon.json("/v1/jobs/\(id)")["state"] == "RUNNING")
        let waiting = try daemon.submit(longJob(2))
        _ = try daemon.job(waiting) { $0["pending"]?["reason"] == "HOST_UNAVAILABLE" }
        // A job without cores needs no host.
        var plain = Jobs.tiny()
        plain["use_tpu"] = false
        plain["tpu_config"] = nil
        #expect(try daemon.final(try daemon.submit(plain))["state"] == "SUCCEEDED")
        #expect(daemon.terminate() == 0)
        daemon = try DaemonProcess(Self.arguments, state: daemon.state)
        #expect(try states(daemon) == ["DRAINING", "DRAINING"])
        _ = try daemon.job(id) { $0["state"] == "QUEUED" && $0["pending"]?["reason"] == "HOST_UNAVAILABLE" }
        #expect(try post(daemon, "\(first)", "undrain").status == 202)
        #expect(try running(daemon, id, attempt: 2) == first)
        let figures = String(decoding: try daemon.send("GET", "/metrics").body, as: UTF8.self)
        #expect(figures.contains("tpud_hosts{state=\"DRAINING\"} 1\n"))
    }

    @Test func whatIsNotAHostIsNotThere() throws {
        let daemon = try DaemonProcess(Self.arguments)
        for host in ["2", "-1", "00", "x", "+1", "99999999999999999999"] {
            let reply = try post(daemon, host, "drain")
            #expect(reply.status == 404, "\(host)")
            #expect(try JSON(parsing: reply.body)["code"] == "NO_SUCH_HOST")
        }
        let first = try post(daemon, "1", "fail", key: "k")
        #expect(first.status == 202)
        #expect(try post(daemon, "1", "repair").status == 202)
        let again = try post(daemon, "1", "fail", key: "k")
        #expect(again.status == 202 && again.body == first.body && again.field("idempotency-replayed") == "true")
        #expect(try states(daemon) == ["UP", "UP"])
        let other = try daemon.send(
            "POST", "/v1/hosts/1/fail", body: Array("{}".utf8), fields: [("Idempotency-Key", "k")])
        #expect(other.status == 422)
    }
}
