import Datasets
import Estimator
import Formats
import Keras
import OrderedCollections
import Testing

/// A job over a few rows that a test writes down, run as the daemon runs it: on the CPU, all rows in one batch.
struct SmallTraining {
    /// The loss of the one step of training.
    let loss: Double
    /// What the evaluation behind it found.
    let evaluation: EvaluationResult

    /// Trains one step and evaluates.
    ///
    /// - Parameters:
    ///   - job: what the job says beside mode, batch size, sections and start.
    ///   - train: what its section says beside steps and input.
    ///   - source: what the sources say beside the path.
    ///   - variables: those that it starts from.
    init(
        _ job: JSON, train: JSON = [:], source: JSON = ["features": "x", "labels": "y"],
        data: OrderedDictionary<String, NDArray>, variables: OrderedDictionary<String, NDArray>
    ) throws {
        let folder = try TemporaryDirectory()
        try folder.write("data.safetensors", Safetensors(tensors: data).serialized())
        try folder.write("start.safetensors", Safetensors(tensors: variables).serialized())
        let roots = DataRoots([folder.path])
        let rows = try #require(data.values.first?.shape.first)
        var (spec, train, source) = (job, train, source)
        source["path"] = "data.safetensors"
        train["max_steps"] = 1
        train["input"] = ["source": ["safetensors": source]]
        spec["mode"] = "train_and_evaluate"
        spec["use_tpu"] = false
        spec["train_batch_size"] = JSON(rows)
        spec["train"] = train
        spec["evaluate"] = ["input": ["source": ["safetensors": source], "batch_size": JSON(rows)]]
        spec["warm_start_from"] = ["path": "start.safetensors"]
        let faults = SpecErrors()
        let definition = try #require(
            JobDefinition.read(spec, roots: roots, faults: faults), "\(faults.all.map(\.description))")
        let recorder = Recorder()
        let estimator = try definition.estimator(
            modelDirectory: folder.path + "/model", lock: nil, roots: roots, execution: ExecutionOptions(),
            observer: recorder)
        let result = try estimator.train(
            input: try #require(try definition.trainingInput(roots)), maxSteps: 1,
            evaluation: try definition.evaluationInput(roots).map { EvalSpec(input: $0, steps: nil) })
        loss = try #require(recorder.losses.first)
        evaluation = try #require(result.evaluation)
    }
}
