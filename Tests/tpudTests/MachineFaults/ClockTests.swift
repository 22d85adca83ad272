import Formats
import Foundation
import Glibc
import Testing
import Transfer

/// A wall clock that is set while jobs run, seen by the real daemon.
@Suite(.serialized, .timeLimit(.minutes(10))) struct ClockTests {
    private let faults: MachineFaults
    private let daemon: DaemonProcess

    init() throws {
        faults = try MachineFaults()
        daemon = try DaemonProcess(["--heartbeat-seconds", "0.2"], environment: faults.environment())
    }

    private func running(_ change: (inout JSON) -> Void) throws -> (id: String, worker: Int32) {
        var spec = Jobs.tiny(steps: 100_000_000)
        change(&spec)
        let id = try daemon.submit(spec)
        _ = try daemon.job(id) { $0["state"] == "RUNNING" && $0["progress"]?["loss"]?.isNull == false }
        let worker = daemon.workers.first { ProcessTable.folderName(of: $0) == id }
        return (id, try #require(worker))
    }

    private func outcomes(_ id: String) throws -> [String] {
        try daemon.json("/v1/jobs/\(id)/attempts")["attempts"]?.array?.compactMap { $0["outcome"]?.string } ?? []
    }

    /// `max_run_seconds` counts what was run, not what the clock was set.
    @Test func aDayThatWasSetIsNoRunTime() throws {
        let (id, _) = try running { $0["max_run_seconds"] = 3600 }
        for days in [1, -1, 30, 0] {
            faults.ahead = days * 86_400
            let step = try daemon.json("/v1/jobs/\(id)")["progress"]?["global_step"]?.int ?? 0
            _ = try daemon.job(id) { ($0["progress"]?["global_step"]?.int ?? 0) > step }
        }
        #expect(try outcomes(id).isEmpty)
        #expect(try daemon.send("POST", "/v1/jobs/\(id)/cancel").status == 202)
        #expect(try daemon.final(id)["state"] == "CANCELLED")
        #expect(try outcomes(id) == ["CANCELLED"])
    }

    /// A limit that is reached is reached, whatever the clock says.
    @Test func aClockThatWasSetBackGivesNoMoreTime() throws {
        let (id, _) = try running { $0["max_run_seconds"] = 1 }
        faults.ahead = -86_400
        #expect(try daemon.final(id)["state"] == "TIMED_OUT")
    }

    /// A backoff does not wait for a clock that was set back.
    @Test func aBackoffIsOverInItsTime() throws {
        let (id, worker) = try running { $0["retry"] = ["max_attempts": 3, "backoff_seconds": 0.5] }
        kill(worker, SIGILL)
        _ = try daemon.job(id) { $0["state"] == "RETRY_WAIT" || $0["attempt"] == 2 }
        faults.ahead = -86_400
        _ = try daemon.job(id) { $0["attempt"] == 2 && $0["state"] == "RUNNING" }
        #expect(try outcomes(id) == ["CRASHED"])
    }

    /// A daemon that stood still does not take its workers for dead.
    @Test func aDaemonThatStoodStillKillsNobody() throws {
        let still = try DaemonProcess(["--heartbeat-seconds", "0.1", "--stall-timeout-seconds", "0.8"])
        let id = try still.submit(Jobs.tiny(steps: 100_000_000))
        _ = try still.job(id) { $0["state"] == "RUNNING" && $0["progress"]?["loss"]?.isNull == false }
        for _ in 0..<3 {
            kill(still.process.processIdentifier, SIGSTOP)
            usleep(1_200_000)
            kill(still.process.processIdentifier, SIGCONT)
            let step = try still.json("/v1/jobs/\(id)")["progress"]?["global_step"]?.int ?? 0
            _ = try still.job(id) { ($0["progress"]?["global_step"]?.int ?? 0) > step }
        }
        let attempts = try still.json("/v1/jobs/\(id)/attempts")["attempts"]?.array
        #expect(attempts?.count == 1 && attempts?[0]["outcome"]?.isNull == true, "\(attempts ?? [])")
    }
}
