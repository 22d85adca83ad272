import Datasets
import Estimator
import Executor
import Formats
import Foundation
import Keras
import TestSupport
import Testing

/// A model of `Tests/Fixtures/keras-files` (made by its `make.py`) started from a file that Keras wrote.
struct StartedModel {
    /// Rows that Keras predicted, and what it predicted.
    private let rows: NDArray
    let predictions: [Double]
    var model: JSON

    /// The model of this name, `wide` or `narrow`.
    init(_ name: String, keras version: Int) throws {
        let one = try #require(try JSON(parsing: Self.bytes("keras\(version).json"))[name])
        model = try #require(one["model"])
        let numbers = try #require(one["rows"]?.array).compactMap { $0.number?.double.map { Float($0) } }
        rows = NDArray(numbers, shape: try #require(one["shape"]?.array).compactMap(\.int))
        predictions = try #require(one["predictions"]?.array).compactMap { $0.number?.double }
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        let path = ProjectFiles.root.appending(path: "Tests/Fixtures/keras-files/\(name)")
        return [UInt8](try Data(contentsOf: path))
    }

    private func job(_ start: [UInt8], in folder: TemporaryDirectory) throws -> SmallJob {
        try folder.write("rows.safetensors", Safetensors(tensors: ["x": rows]).serialized())
        try folder.write("start", start)
        var job = SmallJob()
        job.roots = DataRoots([folder.path])
        job.spec = [
            "mode": "evaluate", "use_tpu": false, "model": model, "warm_start_from": ["path": "start"],
            "evaluate": [
                "input": [
                    "source": ["safetensors": ["path": "rows.safetensors", "features": "x"]],
                    "batch_size": JSON(rows.shape.first ?? 1),
                ]
            ],
        ]
        return job
    }

    /// What is wrong with these bytes as a file to start from.
    func faults(_ start: [UInt8]) throws -> [String] {
        let folder = try TemporaryDirectory()
        return try withExtendedLifetime(folder) { try job(start, in: folder).faults }
    }

    /// The model's variables in Keras' order.
    func variableNames() throws -> [String] {
        var job = SmallJob.with("model", model)
        job.spec["mode"] = "train"
        job.spec["evaluate"] = nil
        job.spec["loss"] = "mean_squared_error"
        job.spec["train"]?["input"] = [
            "source": [
                "synthetic": [
                    "features": ["shape": JSON(Array(rows.shape.dropFirst()))],
                    "labels": ["shape": [JSON(predictions.count / rows.shape[0])], "dtype": "float32"], "examples": 12,
                ]
            ]
        ]
        return try #require(job.definition, "\(job.faults)").plan().variables.map(\.name)
    }

    /// What the model predicts with the variables of these bytes.
    func predictions(from start: [UInt8]) throws -> [Double] {
        let folder = try TemporaryDirectory()
        return try withExtendedLifetime(folder) {
            let job = try job(start, in: folder)
            let definition = try #require(job.definition, "\(job.faults)")
            let estimator = try definition.estimator(
                modelDirectory: folder.path + "/model", lock: nil, roots: job.roots, execution: ExecutionOptions(),
                observer: nil)
            let input = try #require(try definition.evaluationInput(job.roots))
            var output: [Double] = []
            try estimator.predict(input: input) { output += $0["predictions"]?.doubles ?? [] }
            return output
        }
    }

    /// Whether two lists of numbers are the same but for rounding.
    static func agree(_ one: [Double], _ other: [Double]) -> Bool {
        one.count == other.count && zip(one, other).allSatisfy { abs($0 - $1) <= 1e-5 * max(1, abs($1)) }
    }
}
