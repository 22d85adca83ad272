import Formats
import Foundation
import OrderedCollections
import TestSupport
import Testing
import Transfer

/// Checkpoints as files of ONNX, against the real binary and onnxruntime.
@Suite(.timeLimit(.minutes(5))) struct ONNXTests {
    private static let rows = 7
    private let folder: DaemonProcess.StateFolder
    private let daemon: DaemonProcess

    init() throws {
        folder = try DaemonProcess.StateFolder()
        daemon = try DaemonProcess([], data: folder.path)
    }

    /// Rows for a model that its benchmark describes, and its job of two steps over them.
    private func job(_ name: String) throws -> JSON {
        let file = ProjectFiles.root.appending(path: "Tests/Benchmarks/models/\(name).json")
        var job = try JSON(parsing: [UInt8](Data(contentsOf: file)))
        let source = try #require(job["train"]?["input"]?["source"]?["synthetic"])
        var random = SeededGenerator(seed: 5)
        func array(_ part: JSON) throws -> NDArray {
            let shape = [Self.rows] + (part["shape"]?.array?.compactMap(\.int) ?? [])
            let count = shape.reduce(1, *)
            if part["dtype"] == "float32" {
                return NDArray((0..<count).map { _ in Float(random.below(2001)) / 1000 - 1 }, shape: shape)
            }
            let type: ElementType = part["classes"] == nil ? .uint8 : .int32
            let numbers = (0..<count).map { _ in random.below(10) }
            let bytes = type == .uint8 ? numbers.map { UInt8($0) } : numbers.flatMap { [UInt8($0), 0, 0, 0] }
            return try NDArray(type: type, shape: shape, bytes: bytes)
        }
        try write(
            "\(name).rows.safetensors", Safetensors(tensors: ["x": array(source["features"] ?? nil)]).serialized())
        try write(
            "\(name).safetensors",
            Safetensors(tensors: ["x": array(source["features"] ?? nil), "y": array(source["labels"] ?? nil)])
                .serialized())
        job["use_tpu"] = false
        job["tpu_config"] = nil
        job["train_batch_size"] = JSON(Self.rows)
        job["train"] = ["max_steps": 2, "input": input("\(name).safetensors", labels: true)]
        return job
    }

    private func input(_ path: String, labels: Bool) -> JSON {
        var tensors: JSON = ["path": .string(path), "features": "x"]
        if labels { tensors["labels"] = "y" }
        return ["source": ["safetensors": tensors]]
    }

    private func write(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(filePath: "\(folder.path)/\(name)"))
    }

    private func succeeded(_ spec: JSON) throws -> String {
        let id = try daemon.submit(spec)
        let job = try daemon.final(id)
        try #require(job["state"] == "SUCCEEDED", "\(job["error"] ?? .null)")
        return id
    }

    /// onnxruntime computes what the daemon predicts, for all rows at once and for one alone.
    @Test(arguments: ["mlp", "cnn", "resnet20", "gpt", "lstm"]) func onnxruntimePredictsTheSame(name: String) throws {
        let spec = try job(name)
        let trained = try succeeded(spec)
        var prediction = spec
        prediction["mode"] = "predict"
        for field in ["train", "train_batch_size"] { prediction[field] = nil }
        prediction["warm_start_from"] = ["job": .string(trained)]
        prediction["predict"] = ["input": input("\(name).rows.safetensors", labels: false)]
        let predicted = try succeeded(prediction)
        try write("lines", try daemon.send("GET", "/v1/jobs/\(predicted)/predictions").body)
        let reply = try daemon.send("GET", "/v1/jobs/\(trained)/checkpoints/2/model.onnx")
        try #require(reply.status == 200, "\(String(decoding: reply.body, as: UTF8.self))")
        try write("model.onnx", reply.body)
        let script = ProjectFiles.root.appending(path: "Tests/Python/onnx_outputs.py").path
        let result = try Binary.run(
            "/usr/bin/env",
            ["python3", script] + ["model.onnx", "\(name).rows.safetensors", "lines"].map { "\(folder.path)/\($0)" })
        try #require(result.status == 0, "python3 needs what .ci/python-requirements.txt lists: \(result.output)")
        let found = try JSON(parsing: Array(result.output.utf8))
        let largest = try #require(found["largest"]?.double)
        let difference = try #require(found["difference"]?.double)
        #expect(largest > 0 && difference < 2e-6 * max(1, largest), "\(found)")
        #expect(daemon.terminate() == 0)
    }

    /// It is made anew for each request, has a tag and ranges as any file, and leaves nothing.
    @Test func asAFile() throws {
        var spec = try job("mlp")
        spec["model"] = [["Dense": ["units": 10]]]
        let id = try succeeded(spec)
        let target = "/v1/jobs/\(id)/checkpoints/2/model.onnx"
        let whole = try daemon.send("GET", target)
        let again = try daemon.send("GET", target)
        #expect(whole.status == 200 && whole.body == again.body)
        let tag = try #require(whole.field("etag"))
        #expect(try daemon.send("GET", target, fields: [("If-None-Match", tag)]).status == 304)
        let part = try daemon.send("GET", target, fields: [("Range", "bytes=5-14"), ("If-Range", tag)])
        #expect(part.status == 206 && part.body == Array(whole.body[5...14]))
        #expect(try daemon.send("GET", "/v1/jobs/\(id)/checkpoints/1/model.onnx").status == 404)
        let place = "\(folder.path)/exported.onnx"
        let command = try Binary.run(
            Binary.tpuctl, ["export", id, "-o", place, "--url", "http://127.0.0.1:\(daemon.port)"])
        #expect(command.status == 0 && command.output == place + "\n", "\(command.output)")
        #expect(try [UInt8](Data(contentsOf: URL(filePath: place))) == whole.body)
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(daemon.state.path)/jobs/\(id)")
        #expect(!names.contains { $0.contains("onnx") }, "\(names)")

        // The input's shape comes from the data.
        try FileManager.default.removeItem(atPath: "\(folder.path)/mlp.safetensors")
        let refused = try daemon.send("GET", target)
        #expect(refused.status == 422)
        let problem = try JSON(parsing: refused.body)
        #expect(problem["code"] == "CANNOT_EXPORT")
        #expect(problem["detail"]?.string?.contains("mlp.safetensors does not exist") == true, "\(problem)")
        #expect(daemon.terminate() == 0)
    }
}
