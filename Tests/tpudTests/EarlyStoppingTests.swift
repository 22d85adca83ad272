import Formats
import Glibc
import Testing
import TestSupport

/// Jobs that their evaluations end, and whose best checkpoints stay, against the real binary.
@Suite struct EarlyStoppingTests {
    /// The accuracy stops rising by a hundredth long before the last step.
    private func spec() -> JSON {
        var job = Jobs.digits(steps: 100_000, checkpoints: 250, loop: 30)
        job["evaluate"]?["every_steps"] = 200
        job["early_stopping"] = ["monitor": "accuracy", "mode": "max", "patience": 3, "min_delta": 0.01]
        job["run_config"]?["keep_best"] = ["monitor": "accuracy"]
        job["run_config"]?["keep_checkpoint_max"] = 1
        return job
    }

    @Test func endsAtTheSameStepHoweverOftenItIsKilled() throws {
        let seed = UInt64.random(in: 1 ... .max)
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        var daemon = try DaemonProcess()
        let first = try daemon.submit(spec())
        let undisturbed = try JobStory(of: first, on: daemon)
        let step = try #require(undisturbed.result["global_step"]?.int)
        #expect(undisturbed.state == "SUCCEEDED" && step < 100_000)
        #expect(undisturbed.result["stopped_early"] == true)
        #expect(
            undisturbed.result["message"]?.string?.hasPrefix("Stopped early at step \(step): accuracy has not") == true)
        #expect(undisturbed.result["evaluation"]?["global_step"]?.int == step)
        #expect(try daemon.json("/v1/jobs/\(first)")["state_reason"] == "STOPPED_EARLY")
        let last = try daemon.json("/v1/jobs/\(first)/events")["events"]?.array?.last { $0["type"] == "STATE" }
        #expect(last?["data"]?["reason"] == "STOPPED_EARLY")
        #expect(last?["data"]?["message"] == undisturbed.result["message"])

        // The newest, and the first of those with the best accuracy.
        let points = try #require(undisturbed.series["eval/accuracy"]).compactMapValues(\.double)
        let best = try #require(points.filter { $0.value == points.values.max() }.keys.min())
        let kept = try daemon.json("/v1/jobs/\(first)/checkpoints")["checkpoints"]?.array ?? []
        #expect(kept.map { $0["step"]?.int } == (best == step ? [step] : [step, best]))
        #expect(kept.last?["kept_because"] == "BEST")

        for round in 0..<4 {
            let id = try daemon.submit(spec())
            let goal = Int.random(in: 30...step, using: &random)
            try until("step \(goal)") {
                let job = try daemon.json("/v1/jobs/\(id)")
                return job["finished_at"]?.isNull == false || (job["progress"]?["global_step"]?.int ?? 0) >= goal
            }
            usleep(UInt32.random(in: 0...30_000, using: &random))
            if round.isMultiple(of: 2) {
                for worker in daemon.workers { Glibc.kill(worker, SIGKILL) }
            } else {
                daemon.kill()
                daemon = try DaemonProcess(state: daemon.state)
            }
            #expect(try JobStory(of: id, on: daemon) == undisturbed, "round \(round), step \(goal), seed \(seed)")
        }
        #expect(daemon.terminate() == 0)
    }
}
