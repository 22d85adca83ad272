import Datasets
import Estimator
import Formats
import Foundation
import Keras
import OrderedCollections
import TestSupport

/// One folder of `keras/`: a model as Keras prints it, and everything that training it by Keras gives.
struct KerasCase: CustomStringConvertible {
    let folder: URL
    var name: String { folder.lastPathComponent }
    var description: String { name }

    /// Every case that is there; none where another folder of cases has none of Keras'.
    static func all() throws -> [KerasCase] {
        let root = ProjectFiles.conformance.appending(path: "keras")
        if !ProjectFiles.hasOwnCases, !FileManager.default.fileExists(atPath: root.path) { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: root.path).sorted()
            .map { KerasCase(folder: root.appending(path: $0)) }
            .filter { FileManager.default.fileExists(atPath: $0.folder.appending(path: "case.json").path) }
    }

    func json(_ file: String) throws -> JSON {
        try JSON(parsing: [UInt8](Data(contentsOf: folder.appending(path: file))))
    }

    func has(_ file: String) -> Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: file).path)
    }

    func tensors(_ file: String) throws -> OrderedDictionary<String, NDArray> {
        try Safetensors(path: folder.appending(path: file).path).tensors
    }

    var roots: DataRoots { DataRoots([folder.path]) }

    /// Whether it may be refused.
    var isExtended: Bool {
        get throws { try json("case.json")["tier"]?.string == "extended" }
    }

    /// The job that the case maps to (KERAS.md, section 2), with the model of one of its two files.
    ///
    /// - Parameter seed: of the initial values and all else that is random; nil: the job starts from the case's values.
    func job(
        model: String, steps: Int? = nil, evaluation: JSON? = nil, evalBatchSize: Int? = nil, seed: Int? = nil
    ) throws -> JSON {
        let facts = try json("case.json")
        func source() -> JSON {
            [
                "safetensors": [
                    "path": "data.safetensors", "features": facts["features"] ?? [], "labels": facts["labels"] ?? [],
                ]
            ]
        }
        var job: JSON = [
            "mode": "train", "train_batch_size": facts["train_batch_size"] ?? nil,
            "tpu_config": ["num_shards": 1, "iterations_per_loop": 1], "model": try json(model),
            "loss": try json("loss.json"), "optimizer": try json("optimizer.json"), "metrics": try json("metrics.json"),
            "loss_weights": facts["loss_weights"] ?? nil,
            "train": ["max_steps": steps.map { JSON($0) } ?? facts["steps"] ?? nil, "input": ["source": source()]],
        ]
        if let seed {
            job["run_config"] = ["random_seed": JSON(seed)]
        } else {
            job["warm_start_from"] = ["path": "init.safetensors"]
        }
        if let evalBatchSize { job["eval_batch_size"] = JSON(evalBatchSize) }
        if var evaluation {
            evaluation["input"]?["source"] = source()
            job["mode"] = "train_and_evaluate"
            job["evaluate"] = evaluation
        }
        return job
    }
}

/// What a run reported.
final class Recorder: TrainingObserver, @unchecked Sendable {
    // Calls come from the one thread that trains, before the test reads.
    private(set) var losses: [Double] = []

    func lossRecorded(step: Int, loss: Double) { losses.append(loss) }
}

/// `|got − expected| ≤ atol + rtol · |expected|`
struct Tolerance {
    let rtol: Double
    let atol: Double

    init(_ json: JSON?) {
        rtol = json?["rtol"]?.double ?? 0
        atol = json?["atol"]?.double ?? 0
    }

    func holds(_ got: Double, _ expected: Double) -> Bool { abs(got - expected) <= atol + rtol * abs(expected) }
}
