import Formats
import Testing
import TestSupport
import Transfer

/// Jobs that go on from another job's checkpoint, against the real binary.
@Suite struct ContinuedJobTests {
    private let daemon: DaemonProcess

    init() throws { daemon = try DaemonProcess() }

    /// Sixty-four rows in batches of eight, in the file's order: an epoch is eight steps.
    private func spec(_ train: (name: String, steps: Int), from start: JSON = nil) -> JSON {
        var spec = Jobs.tiny()
        spec["optimizer"] = ["SGD": ["learning_rate": 0.1, "momentum": 0.9]]
        spec["train"]?["max_steps"] = nil
        spec["train"]?[train.name] = JSON(train.steps)
        spec["run_config"] = ["save_checkpoints_steps": 8]
        spec["tpu_config"]?["iterations_per_loop"] = 8
        spec["continue_from"] = start
        return spec
    }

    private func files(_ job: String, _ step: Int) throws -> [[UInt8]] {
        try ["model.safetensors", "optimizer.safetensors"].map { name in
            let reply = try daemon.send("GET", "/v1/jobs/\(job)/checkpoints/\(step)/\(name)")
            #expect(reply.status == 200)
            return reply.body
        }
    }

    @Test func theBytesOfOneTraining() throws {
        let whole = try daemon.submit(spec(("max_steps", 32)))
        let first = try daemon.submit(spec(("steps", 16)))
        #expect(try daemon.final(whole)["state"] == "SUCCEEDED")
        #expect(try daemon.final(first)["result"]?["global_step"]?.int == 16)
        let expected = try files(whole, 32)
        for (train, start) in [
            (("steps", 16), ["job": .string(first)]), (("max_steps", 32), ["job": .string(whole), "step": 8]),
        ] as [((name: String, steps: Int), JSON)] {
            let id = try daemon.submit(spec(train, from: start))
            let job = try daemon.final(id)
            #expect(job["state"] == "SUCCEEDED", "\(job["error"] ?? .null)")
            #expect(job["result"]?["global_step"]?.int == 32 && job["progress"]?["target_step"]?.int == 32)
            let step = start["step"]?.int ?? 16
            #expect(job["spec"]?["continue_from"]?["step"]?.int == step)
            let attempts = try daemon.json("/v1/jobs/\(id)/attempts")["attempts"]?.array ?? []
            #expect(attempts.map { $0["start_step"]?.int } == [step] && attempts.map { $0["end_step"]?.int } == [32])
            #expect(try files(id, 32) == expected)
            let points = try daemon.json("/v1/jobs/\(id)/metrics")["series"]?["loss"]?.array ?? []
            #expect(!points.isEmpty && points.allSatisfy { ($0.array?.first?.int ?? 0) > step })
        }
        // What does not fit is told when the job is submitted.
        var other = spec(("steps", 16), from: ["job": .string(first)])
        other["optimizer"] = "adam"
        let reply = try daemon.send("POST", "/v1/jobs", body: other.serialized())
        #expect(reply.status == 422)
        #expect(
            try JSON(parsing: reply.body)["errors"]?.array?.first?["pointer"] == "/continue_from/job",
            "\(String(decoding: reply.body, as: UTF8.self))")
        #expect(daemon.terminate() == 0)
    }
}
