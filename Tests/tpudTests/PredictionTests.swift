import Formats
import Foundation
import Testing
import TestSupport
import Transfer

/// Jobs that predict, against the real binary.
@Suite struct PredictionTests {
    private let folder: URL
    private let daemon: DaemonProcess

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "predictions-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        daemon = try DaemonProcess(["--data-root", folder.path])
    }

    /// A job that learns the digits and is evaluated on others.
    private func train() throws -> (id: String, spec: JSON, accuracy: Double) {
        var spec = Jobs.digits(steps: 200, checkpoints: 200)
        spec["evaluate"]?["steps"] = nil
        spec["eval_batch_size"] = nil
        let id = try daemon.submit(spec)
        let accuracy = try daemon.final(id)["result"]?["evaluation"]?["accuracy"]?.double
        let model = try daemon.send("GET", "/v1/jobs/\(id)/checkpoints/200/model.safetensors")
        try Data(model.body).write(to: folder.appending(path: "digits.safetensors"))
        return (id, spec, try #require(accuracy))
    }

    /// The job that predicts the evaluation's digits with what the training has learnt.
    private func prediction(of training: JSON) -> JSON {
        var spec = training
        spec["mode"] = "predict"
        for name in ["train", "evaluate", "train_batch_size"] { spec[name] = nil }
        spec["predict"] = ["input": training["evaluate"]?["input"] ?? nil]
        spec["warm_start_from"] = ["path": "digits.safetensors"]
        return spec
    }

    private func labels() throws -> [Int] {
        let file = URL(filePath: DaemonProcess.data).appending(path: "digits/test-labels-idx1-ubyte")
        // Behind the magic number and the count.
        return try Data(contentsOf: file).dropFirst(8).map { Int($0) }
    }

    @Test func whatItWasEvaluatedOn() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let training = try train()
        let target = "/v1/jobs/\(training.id)/predictions"
        #expect(try daemon.send("GET", target).status == 404)

        // It can't start, and has no predictions yet.
        #expect(try daemon.send("POST", "/v1/hosts/0/drain").status == 202)
        let id = try daemon.submit(prediction(of: training.spec))
        let early = try daemon.send("GET", "/v1/jobs/\(id)/predictions")
        #expect(early.status == 409)
        let problem = try JSON(parsing: early.body)
        #expect(problem["code"] == "ILLEGAL_STATE" && problem["current_state"] == "QUEUED")
        #expect(try daemon.send("POST", "/v1/hosts/0/undrain").status == 202)

        let job = try daemon.final(id)
        #expect(job["state"] == "SUCCEEDED" && job["error"]?.isNull == true, "\(job["error"] ?? .null)")
        let file = job["result"]?["predictions"]
        let reply = try daemon.send("GET", "/v1/jobs/\(id)/predictions")
        #expect(reply.status == 200 && reply.body.count == file?["bytes"]?.int)
        #expect(reply.field("content-type") == "application/x-ndjson")
        let tag = try #require(reply.field("etag"))
        #expect(tag == "\"\(file?["sha256"]?.string ?? "")\"")
        let lines = try String(decoding: reply.body, as: UTF8.self).split(separator: "\n").map {
            try JSON(parsing: Array($0.utf8))
        }
        let labels = try labels()
        #expect(lines.count == labels.count && lines.map { $0["index"]?.int } == Array(labels.indices))
        #expect(
            lines.allSatisfy { $0["dense_1"]?.array?.count == 10 && (0...1).contains($0["probability"]?.double ?? -1) })
        let right = zip(lines, labels).count { $0["class"]?.int == $1 }
        #expect(abs(Double(right) / Double(labels.count) - training.accuracy) < 1e-6)

        #expect(try daemon.send("GET", "/v1/jobs/\(id)/predictions", fields: [("If-None-Match", tag)]).status == 304)
        let part = try daemon.send("GET", "/v1/jobs/\(id)/predictions", fields: [("Range", "bytes=5-14")])
        #expect(part.status == 206 && part.body == Array(reply.body[5...14]))
        let command = try Binary.run(
            Binary.tpuctl, ["predictions", id, "--url", "http://127.0.0.1:\(daemon.port)"])
        #expect(command.status == 0 && command.output == String(decoding: reply.body, as: UTF8.self))
        let place = folder.appending(path: "lines").path
        let written = try Binary.run(
            Binary.tpuctl, ["predictions", id, "-o", place, "--url", "http://127.0.0.1:\(daemon.port)"])
        #expect(try written.status == 0 && [UInt8](Data(contentsOf: URL(filePath: place))) == reply.body)

        // The same from the job itself.
        var named = prediction(of: training.spec)
        named["warm_start_from"] = ["job": .string(training.id)]
        let other = try daemon.submit(named)
        let done = try daemon.final(other)
        #expect(done["result"] == job["result"])
        #expect(done["spec"]?["warm_start_from"] == ["job": .string(training.id), "step": 200])
        #expect(daemon.terminate() == 0)
    }
}
