import Datasets
import Estimator
import Executor
import Formats
import Keras
import OrderedCollections
import Testing

@Suite struct JobDefinitionTests {
    @Test func aModeSaysWhatIsDone() {
        typealias Mode = JobDefinition.Mode
        #expect(Mode.allCases.filter(\.trains) == [.train, .trainAndEvaluate])
        #expect(Mode.allCases.filter(\.evaluates) == [.evaluate, .trainAndEvaluate])
        #expect(Mode(rawValue: "train_and_evaluate") == .trainAndEvaluate)
    }

    @Test func coresAreHeldOnTheTPUAlone() throws {
        var job = SmallJob.with("tpu_config", ["num_shards": 4])
        #expect(try #require(job.definition).numShards == 0)
        job.spec["use_tpu"] = true
        #expect(try #require(job.definition).numShards == 4)
    }

    /// A job that only trains has no data to evaluate, and the other way round.
    @Test func eachModeHasItsData() throws {
        let roots = DataRoots([])
        let both = try #require(SmallJob().definition)
        #expect(try both.trainingInput(roots) != nil)
        #expect(try both.evaluationInput(roots) != nil)
        let source = SmallJob.input["source"] ?? nil
        let one = try #require(SmallJob.training(source).definition)
        #expect(try one.trainingInput(roots) != nil)
        #expect(try one.evaluationInput(roots) == nil)
    }

    /// One step of gradient descent on one weight by hand: w = 1, rows x = 1 and 3 with y = 0, mean squared error.
    ///
    /// The loss is (1 + 9) / 2 = 5, its gradient (2 · 1 · 1 + 2 · 3 · 3) / 2 = 10, and the weight 1 − 0.1 · 10 = 0. Two
    /// cores of one row each have the gradients 2 and 18: their mean is 10 and their sum 20.
    @Test(arguments: [("mean", 0.0), ("sum", -1.0)]) func itTrains(reduction: String, weight: Double) throws {
        let folder = try TemporaryDirectory()
        try folder.write(
            "d.safetensors",
            Safetensors(tensors: [
                "x": NDArray([1, 3] as [Float], shape: [2, 1]), "y": NDArray([0, 0] as [Float], shape: [2, 1]),
            ]).serialized())
        try folder.write(
            "w.safetensors",
            Safetensors(tensors: ["dense/kernel": NDArray([1] as [Float], shape: [1, 1])]).serialized())
        var job = SmallJob.training(
            ["safetensors": ["path": "d.safetensors", "features": "x", "labels": "y"]], roots: DataRoots([folder.path]))
        job.spec["use_tpu"] = true
        job.spec["tpu_config"] = ["num_shards": 2, "iterations_per_loop": 1]
        job.spec["train_batch_size"] = 2
        job.spec["cross_shard_reduction"] = JSON(reduction)
        job.spec["model"] = [["Dense": ["units": 1, "use_bias": false]]]
        job.spec["loss"] = "mse"
        job.spec["metrics"] = nil
        job.spec["optimizer"] = ["SGD": ["learning_rate": 0.1]]
        job.spec["warm_start_from"] = ["path": "w.safetensors"]
        let definition = try #require(job.definition, "\(job.faults)")
        let estimator = try definition.estimator(
            modelDirectory: folder.path + "/model", lock: nil, roots: job.roots, execution: ExecutionOptions(),
            observer: nil)
        let input = try #require(try definition.trainingInput(job.roots))
        #expect(try estimator.train(input: input, maxSteps: 1).globalStep == 1)
        let checkpoint = try #require(try estimator.checkpointStore().latestGood())
        let found = try #require(checkpoint.variables.first { $0.name == "dense/kernel" }).array.doubles
        #expect(found.count == 1 && abs(found[0] - weight) < 1e-6, "\(found)")
    }
}
