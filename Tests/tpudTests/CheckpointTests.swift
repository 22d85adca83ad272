import Formats
import Foundation
import Glibc
import Testing
import Transfer
import TestSupport

/// What belongs to a checkpoint, and what is recorded of checkpoints, against the real binary.
@Suite struct CheckpointTests {
    /// Evaluations and checkpoints on the way, loops that don't divide either.
    private func spec() -> JSON {
        var job = Jobs.digits(steps: 1500, checkpoints: 100, loop: 30)
        job["evaluate"]?["every_steps"] = 250
        return job
    }

    /// SIGKILL for worker or daemon while a job is near its end, and a stop of the daemon: the job tells the same.
    @Test func killsNearTheEndChangeNothing() throws {
        let seed = UInt64.random(in: 1 ... .max)
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        var daemon = try DaemonProcess()
        let undisturbed = try JobStory(of: daemon.submit(spec()), on: daemon)
        #expect(undisturbed.state == "SUCCEEDED" && undisturbed.result["loss"]?.double != nil)
        #expect(undisturbed.series["loss"]?.count == 50 && undisturbed.series["eval/accuracy"]?.count == 6)
        #expect(undisturbed.checkpoints.count == 3)
        for name in ["steps_per_second", "examples_per_second", "eta_seconds"] {
            #expect(undisturbed.progress[name]?.isNull == true, "\(name) of a job that has ended")
        }
        for round in 0..<6 {
            let id = try daemon.submit(spec())
            let goal = Int.random(in: 300...1500, using: &random)
            try until("step \(goal)") {
                let job = try daemon.json("/v1/jobs/\(id)")
                return job["finished_at"]?.isNull == false || (job["progress"]?["global_step"]?.int ?? 0) >= goal
            }
            usleep(UInt32.random(in: 0...30_000, using: &random))
            switch round % 3 {
            case 0: for worker in daemon.workers { Glibc.kill(worker, SIGKILL) }
            case 1: daemon.kill()
            default: #expect(daemon.terminate() == 0)
            }
            if round % 3 > 0 { daemon = try DaemonProcess(state: daemon.state) }
            #expect(try JobStory(of: id, on: daemon) == undisturbed, "round \(round), step \(goal), seed \(seed)")
        }
        #expect(daemon.terminate() == 0)
    }

    /// One byte of the newest checkpoint is turned while the daemon is down, a folder of another is gone: the job goes
    /// on from the next older one, and tells the same in the end.
    @Test func goesOnFromTheNextOlderOne() throws {
        var daemon = try DaemonProcess()
        let undisturbed = try JobStory(of: daemon.submit(spec()), on: daemon)
        let id = try daemon.submit(spec())
        func recorded() throws -> [Int] {
            try daemon.json("/v1/jobs/\(id)/checkpoints")["checkpoints"]?.array?.compactMap { $0["step"]?.int } ?? []
        }
        try until("three checkpoints") { try recorded().count == 3 }
        daemon.kill()
        let folder = "\(daemon.state.path)/jobs/\(id)/checkpoints"
        let steps = try FileManager.default.contentsOfDirectory(atPath: folder).compactMap { Int($0) }.sorted()
        let newest = try #require(steps.last)
        try damage("\(folder)/\(newest)/model.safetensors")
        try FileManager.default.removeItem(atPath: "\(folder)/\(try #require(steps.first))")

        daemon = try DaemonProcess(state: daemon.state)
        #expect(try JobStory(of: id, on: daemon) == undisturbed)
        let events = try daemon.json("/v1/jobs/\(id)/events")["events"]?.array ?? []
        #expect(events.contains { $0["type"]?.string == "CHECKPOINT_DAMAGED" && $0["data"]?["step"]?.int == newest })
        let attempts = try daemon.json("/v1/jobs/\(id)/attempts")["attempts"]?.array ?? []
        #expect(attempts.last?["start_step"]?.int == steps.dropLast().last)
        #expect(daemon.terminate() == 0)
    }

    /// A file that has rotted is never served, and what is told of it says so.
    @Test func damagedOnesAreNotServed() throws {
        let daemon = try DaemonProcess()
        let id = try daemon.submit(spec())
        _ = try daemon.final(id)
        let target = "/v1/jobs/\(id)/checkpoints"
        #expect(try daemon.send("GET", "\(target)/1500/model.safetensors").status == 200)
        try damage("\(daemon.state.path)/jobs/\(id)/checkpoints/1500/model.safetensors")
        for _ in 0..<2 {
            let reply = try daemon.send("GET", "\(target)/1500/model.safetensors")
            #expect(reply.status == 410)
            #expect(try JSON(parsing: reply.body)["code"]?.string == "CHECKPOINT_DAMAGED")
        }
        let listed = try daemon.json(target)["checkpoints"]?.array ?? []
        #expect(listed.map { $0["state"]?.string } == ["DAMAGED", "GOOD", "GOOD"])
        #expect(try daemon.json("/v1/jobs/\(id)")["latest_checkpoint"]?["step"]?.int == listed[1]["step"]?.int)
        let events = try daemon.json("/v1/jobs/\(id)/events")["events"]?.array ?? []
        #expect(events.count { $0["type"]?.string == "CHECKPOINT_DAMAGED" } == 1)
        #expect(daemon.terminate() == 0)
    }

    private func damage(_ path: String) throws {
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(filePath: path))
    }
}
