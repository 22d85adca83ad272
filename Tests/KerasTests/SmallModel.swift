import Datasets
import Estimator
import Executor
import Formats
import Foundation
import Keras
import OrderedCollections
import Testing

/// What a model with given variables makes of rows, computed as the daemon does it.
struct SmallModel {
    /// The output's shape, rows in front.
    let shape: [Int]
    /// The output's numbers.
    let output: [Double]

    /// Predicts all rows in one batch.
    ///
    /// - Parameter policy: the job's `dtype_policy`.
    init(
        _ layers: JSON, rows: NDArray, variables: OrderedDictionary<String, NDArray> = [:], policy: JSON = nil
    ) throws {
        let folder = try TemporaryDirectory()
        try folder.write("rows.safetensors", Safetensors(tensors: ["x": rows]).serialized())
        try folder.write("start.safetensors", Safetensors(tensors: variables).serialized())
        let faults = SpecErrors()
        let roots = DataRoots([folder.path])
        let job = JobDefinition.read(
            [
                "mode": "evaluate", "use_tpu": false, "model": layers, "dtype_policy": policy,
                "warm_start_from": ["path": "start.safetensors"],
                "evaluate": [
                    "input": [
                        "source": ["safetensors": ["path": "rows.safetensors", "features": "x"]],
                        "batch_size": JSON(rows.shape.first ?? 1),
                    ]
                ],
            ], roots: roots, faults: faults)
        let definition = try #require(job, "\(faults.all)")
        let estimator = try definition.estimator(
            modelDirectory: folder.path + "/model", lock: nil, roots: roots, execution: ExecutionOptions(),
            observer: nil)
        let input = try #require(try definition.evaluationInput(roots))
        var shape: [Int] = []
        var output: [Double] = []
        try estimator.predict(input: input) { predictions in
            guard let made = predictions["predictions"] else { return }
            shape = made.shape
            output += made.doubles
        }
        self.shape = shape
        self.output = output
    }
}

extension TemporaryDirectory {
    /// Writes a file in the folder.
    func write(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(filePath: path).appending(path: name))
    }
}
