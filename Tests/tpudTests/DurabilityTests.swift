import Crypto
import Formats
import Foundation
import Glibc
import Testing
import Transfer
import TestSupport

/// `kill -9` of workers and of the daemon at random moments: every job ends SUCCEEDED, with the bytes of an undisturbed run.
@Suite struct DurabilityTests {
    static let moments = 24

    @Test func killsLeaveTheSameBytes() throws {
        let seed = UInt64.random(in: 1 ... .max)
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let spec = try Jobs.example { job in
            job["train"]?["max_steps"] = 4000
            job["run_config"]?["save_checkpoints_steps"] = 200
            job["tpu_config"]?["num_shards"] = 4
        }

        var daemon = try DaemonProcess()
        let undisturbed = try weights(of: daemon.submit(spec), on: daemon)

        var running: [String] = []
        var kills = 0
        while kills < Self.moments {
            while running.count < 3 { running.append(try daemon.submit(spec)) }
            try reachMoment(of: running, on: daemon, random: &random)
            if kills % 2 == 0 {
                guard let worker = daemon.workers.randomElement(using: &random) else { continue }
                Glibc.kill(worker, SIGKILL)
            } else {
                daemon.kill()
                daemon = try DaemonProcess(state: daemon.state)
            }
            kills += 1
            for id in running where try daemon.json("/v1/jobs/\(id)")["finished_at"]?.string != nil {
                #expect(try weights(of: id, on: daemon) == undisturbed, "job \(id) after \(kills) kills, seed \(seed)")
                running.removeAll { $0 == id }
            }
        }
        for id in running {
            #expect(try weights(of: id, on: daemon) == undisturbed, "job \(id), seed \(seed)")
        }
        #expect(try daemon.json("/v1/queue")["jobs"]?.array?.isEmpty == true)
        #expect(daemon.terminate() == 0)
    }

    /// Waits until some job has gone on by a random number of steps, then a random part of a few milliseconds more.
    private func reachMoment(of jobs: [String], on daemon: DaemonProcess, random: inout SeededGenerator) throws {
        func steps() throws -> Int {
            try jobs.reduce(0) { try $0 + (daemon.json("/v1/jobs/\($1)")["progress"]?["global_step"]?.int ?? 0) }
        }
        // Steps that a kill took back are walked again: they count as gone on. A fall alone is not one, or a worker that
        // has just begun would be killed again and again until its job ends for want of progress.
        var last = try steps()
        var gone = 0
        let goal = Int.random(in: 1...1500, using: &random)
        let all = jobs.count
        try until("\(goal) more steps") {
            let ended = try jobs.count { try daemon.json("/v1/jobs/\($0)")["finished_at"]?.string != nil }
            let now = try steps()
            gone += max(0, now - last)
            last = now
            return ended == all || gone >= goal
        }
        usleep(UInt32.random(in: 0...20_000, using: &random))
    }

    /// SHA-256 of the finished job's weights, as stored on disk, and compared with what the daemon says of them.
    private func weights(of id: String, on daemon: DaemonProcess) throws -> String {
        let job = try daemon.final(id)
        #expect(job["state"]?.string == "SUCCEEDED", "\(String(decoding: job.serialized(), as: UTF8.self))")
        let step = try #require(job["latest_checkpoint"]?["step"]?.int)
        #expect(step == 4000)
        let reply = try daemon.client.send(
            TransferRequest("GET", "/v1/jobs/\(id)/checkpoints/\(step)/model.safetensors", timeout: 60))
        #expect(reply.status == 200)
        let digest = SHA256.hash(data: reply.body).map { String($0, radix: 16) }.joined(separator: ":")
        let stated = try #require(job["latest_checkpoint"]?["sha256"]?.string)
        #expect(digest.split(separator: ":").map { $0.count == 1 ? "0" + $0 : $0 }.joined() == stated)
        return stated
    }
}
