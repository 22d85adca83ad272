import Formats
import Foundation
import Glibc
import Testing
import Transfer

/// Workers that are killed, hang or trap, as the real binary sees them.
@Suite(.serialized, .timeLimit(.minutes(10))) struct SupervisionTests {
    private func longJob() -> JSON {
        var spec = Jobs.tiny(steps: 100_000_000)
        spec["run_config"] = ["save_checkpoints_steps": 1000]
        spec["retry"] = ["max_attempts": 2, "backoff_seconds": 0.2]
        return spec
    }

    /// The one worker of a job that has made steps in the given attempt.
    private func worker(_ daemon: DaemonProcess, _ id: String, attempt: Int) throws -> Int32 {
        _ = try daemon.job(id) {
            $0["attempt"]?.int == attempt && $0["state"] == "RUNNING" && $0["progress"]?["loss"]?.isNull == false
                && $0["latest_checkpoint"]?.isNull == false
        }
        return try #require(daemon.workers.first)
    }

    private func outcomes(_ daemon: DaemonProcess, _ id: String) throws -> [String] {
        try daemon.json("/v1/jobs/\(id)/attempts")["attempts"]?.array?.compactMap { $0["outcome"]?.string } ?? []
    }

    @Test func aKilledWorkersJobGoesOn() throws {
        let daemon = try DaemonProcess()
        let id = try daemon.submit(longJob())
        for attempt in 1...3 {
            kill(try worker(daemon, id, attempt: attempt), attempt == 2 ? SIGTERM : SIGKILL)
            _ = try daemon.job(id) { ($0["attempt"]?.int ?? 0) > attempt }
        }
        #expect(try outcomes(daemon, id) == ["INTERRUPTED", "INTERRUPTED", "INTERRUPTED"])
        let attempts = try daemon.json("/v1/jobs/\(id)/attempts")["attempts"]?.array ?? []
        #expect(attempts.last?["start_step"]?.int.map { $0 > 0 } == true, "\(attempts)")
    }

    @Test func aTrapCountsAndTheLastOneFailsTheJob() throws {
        let daemon = try DaemonProcess()
        let id = try daemon.submit(longJob())
        kill(try worker(daemon, id, attempt: 1), SIGILL)
        kill(try worker(daemon, id, attempt: 2), SIGSEGV)
        let job = try daemon.final(id)
        #expect(job["state"] == "FAILED" && job["state_reason"] == "MAX_ATTEMPTS", "\(job)")
        #expect(try outcomes(daemon, id) == ["CRASHED", "CRASHED"])
        let states = try daemon.json("/v1/jobs/\(id)/events")["events"]?.array?.compactMap { $0["to"]?.string }
        #expect(states?.contains("RETRY_WAIT") == true)
    }

    @Test func aWorkerThatNeedsMoreMemoryThanItMayHaveSaysSo() throws {
        let daemon = try DaemonProcess(["--worker-memory-bytes", "536870912"])
        var spec = Jobs.tiny()
        // What the plan of the one alone exceeds is found at submit.
        func model(_ units: Int) -> JSON {
            [["Dense": ["units": JSON(units)]], ["Dense": ["units": JSON(units)]], ["Dense": ["units": 2]]]
        }
        spec["retry"] = ["max_attempts": 1]
        spec["model"] = model(16384)
        let refused = try daemon.send("POST", "/v1/jobs", body: spec.serialized())
        #expect(refused.status == 422)
        #expect(String(decoding: refused.body, as: UTF8.self).contains("raise worker_memory_bytes"))
        // The variables' first values, which come on top of the other's plan, are found by the worker.
        spec["model"] = model(7000)
        let job = try daemon.final(try daemon.submit(spec))
        #expect(job["state"] == "FAILED" && job["state_reason"] == "MAX_ATTEMPTS", "\(job)")
        #expect(try outcomes(daemon, try #require(job["id"]?.string)) == ["OUT_OF_MEMORY"], "\(job)")
        #expect(job["error"]?["message"]?.string?.contains("more memory than it may have") == true, "\(job)")
        let small = try daemon.final(try daemon.submit(Jobs.tiny()))
        #expect(small["state"] == "SUCCEEDED", "\(small)")
    }

    @Test func aWorkerGoesBeforeTheDaemon() throws {
        let daemon = try DaemonProcess()
        let process = try worker(daemon, try daemon.submit(longJob()), attempt: 1)
        func score(_ process: Int32) throws -> Int? {
            Int(try String(contentsOfFile: "/proc/\(process)/oom_score_adj", encoding: .utf8).dropLast())
        }
        #expect(try score(process) == 500)
        #expect(try #require(try score(daemon.process.processIdentifier)) < 500)
        let limits = try String(contentsOfFile: "/proc/\(process)/limits", encoding: .utf8)
        let data = limits.split(separator: "\n").first { $0.hasPrefix("Max data size") }
        #expect(data?.split(separator: " ").dropFirst(3).first.flatMap { Int($0) } != nil, "\(limits)")
    }

    @Test func aDaemonThatStoodStillKillsNobody() throws {
        let daemon = try DaemonProcess(["--heartbeat-seconds", "0.1", "--stall-timeout-seconds", "0.6"])
        let id = try daemon.submit(longJob())
        let process = try worker(daemon, id, attempt: 1)
        for _ in 0..<2 {
            let step = try daemon.job(id) { $0["progress"]?["global_step"]?.int != nil }["progress"]?["global_step"]?
                .int
            kill(daemon.process.processIdentifier, SIGSTOP)
            let stopped = ContinuousClock.now
            try until("the worker would be stalled twice over") { ContinuousClock.now - stopped > .seconds(1.3) }
            kill(daemon.process.processIdentifier, SIGCONT)
            let before = try #require(step)
            _ = try daemon.job(id) { ($0["progress"]?["global_step"]?.int ?? 0) > before }
        }
        #expect(daemon.workers == [process])
        #expect(try outcomes(daemon, id) == [])
        #expect(try daemon.json("/v1/jobs/\(id)")["attempt"]?.int == 1)
    }

    @Test func aHungWorkerIsKilled() throws {
        let daemon = try DaemonProcess(["--heartbeat-seconds", "0.1", "--stall-timeout-seconds", "0.6"])
        let id = try daemon.submit(longJob())
        let process = try worker(daemon, id, attempt: 1)
        kill(process, SIGSTOP)
        _ = try daemon.job(id) { ($0["attempt"]?.int ?? 0) > 1 }
        #expect(try outcomes(daemon, id).first == "STALLED")
        #expect(!daemon.workers.contains(process))
    }

    @Test func aWorkerWhoseTrainingHangsIsKilled() throws {
        let daemon = try DaemonProcess(["--heartbeat-seconds", "0.1", "--hang-timeout-seconds", "1.5"])
        let id = try daemon.submit(longJob())
        let process = try worker(daemon, id, attempt: 1)
        try StoppedThread.hold(process)
        _ = try daemon.job(id) { ($0["attempt"]?.int ?? 0) > 1 }
        #expect(try outcomes(daemon, id).first == "STALLED")
        let attempts = try daemon.json("/v1/jobs/\(id)/attempts")["attempts"]?.array ?? []
        #expect(attempts.first?["error"]?["message"]?.string?.contains("did any work") == true, "\(attempts)")
    }

    @Test func aWorkerThatDoesNotStopIsKilled() throws {
        let daemon = try DaemonProcess(["--stop-timeout-seconds", "0.3"])
        let id = try daemon.submit(longJob())
        kill(try worker(daemon, id, attempt: 1), SIGSTOP)
        #expect(try daemon.send("POST", "/v1/jobs/\(id)/cancel").status == 202)
        #expect(try daemon.final(id)["state"] == "CANCELLED")
        #expect(daemon.workers.isEmpty)
    }

    @Test func aDaemonThatDiesTakesItsWorkersAlong() throws {
        let daemon = try DaemonProcess()
        let id = try daemon.submit(longJob())
        let running = try worker(daemon, id, attempt: 1)
        daemon.kill()
        // The signal of the parent's death and the end of the socket race with us: both are at once.
        let limit = Date(timeIntervalSinceNow: 10)
        while kill(running, 0) == 0, limit.timeIntervalSinceNow > 0 { sched_yield() }
        #expect(kill(running, 0) != 0 || ProcessTable.isZombie(running))
    }

    @Test func aRunThatTakesTooLongIsTimedOut() throws {
        let daemon = try DaemonProcess(["--workers", "1"])
        var spec = longJob()
        spec["max_run_seconds"] = 0.5
        let long = try daemon.submit(spec)
        var late = Jobs.tiny()
        late["start_deadline_seconds"] = 0.2
        let expired = try daemon.submit(late)
        #expect(try daemon.final(long)["state"] == "TIMED_OUT")
        #expect(try daemon.final(expired)["state"] == "EXPIRED")
        #expect(try outcomes(daemon, long) == ["TIMED_OUT"])
    }
}

extension ProcessTable {
    /// Whether a process has ended and was not reaped.
    static func isZombie(_ process: Int32) -> Bool {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return true }
        return text.contains(") Z ")
    }
}
