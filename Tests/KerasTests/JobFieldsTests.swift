import Estimator
import Formats
import Keras
import OrderedCollections
import Testing

@Suite struct JobFieldsTests {
    /// The job on a TPU of so many cores.
    private static func onTPU(_ shards: JSON, _ more: JSON = [:]) -> SmallJob {
        var job = SmallJob.with("use_tpu", true)
        job.spec["tpu_config"] = ["num_shards": shards]
        for (name, value) in more.object ?? [:] { job.spec[name] = value }
        return job
    }

    static let wrong: [(field: String, value: JSON, faults: [String])] = [
        (
            "mode", "evalute",
            [
                "/mode: must be one of \"train\", \"evaluate\", \"predict\" or \"train_and_evaluate\", not \"evalute\"; did "
                    + "you mean \"evaluate\"?"
            ]
        ),
        ("use_tpu", 0, ["/use_tpu: must be true or false, not 0"]),
        (
            "cross_shard_reduction", "product",
            ["/cross_shard_reduction: must be one of \"mean\" or \"sum\", not \"product\""]
        ),
        ("params", [1], ["/params: must be an object, not a list"]),
        (
            "params", ["batch_size": nil],
            [
                "/params/batch_size: batch_size is a reserved key of params: the estimator sets it; use train_batch_size"
            ]
        ),
        ("batch_axis", [0], ["/batch_axis: is not supported yet"]),
        (
            "predict_batch_size", 0, ["/predict_batch_size: must be a whole number from 1 to 2147483647, not 0"]
        ),
        (
            "predict", ["input": SmallJob.input],
            ["/predict: has no meaning with the mode \"train_and_evaluate\"; leave it out"]
        ),
    ]

    @Test(arguments: wrong.indices) func isRefused(_ index: Int) {
        let row = Self.wrong[index]
        var job = Self.onTPU(1)
        #expect(job.faults == [])
        job.spec[row.field] = row.value
        #expect(job.faults == row.faults)
    }

    /// Gradients of several cores have to be added up, where there are cores and something is trained.
    @Test func trainingOnCoresNeedsTheCrossShardOptimizer() {
        let fault =
            "/cross_shard_optimizer: a CrossShardOptimizer must be used for training on the TPU: wrap it around the "
            + "optimizer, as it adds up the gradients of all shards"
        #expect(Self.onTPU(1, ["cross_shard_optimizer": false]).faults == [fault])
        #expect(SmallJob.with("cross_shard_optimizer", false).faults == [])
        let evaluated = Self.onTPU(1, ["cross_shard_optimizer": false, "mode": "evaluate", "train": nil])
        #expect(evaluated.faults == ["/warm_start_from: is required: what is to be evaluated?"])
    }

    @Test func gradientsAreAddedOrAveraged() {
        let mean = Self.onTPU(2).effect
        #expect(mean != nil)
        #expect(mean == Self.onTPU(2, ["cross_shard_reduction": "mean"]).effect)
        let sum = Self.onTPU(2, ["cross_shard_reduction": "sum"])
        #expect(sum.effect != nil && sum.effect != mean)
        #expect(sum.definition?.canonical["cross_shard_reduction"] == "sum")
    }

    @Test func parametersAreTakenAsTheyAre() throws {
        let text = """
            {"null": null, "yes": true, "whole": 7, "also": 7.0, "half": 0.5, "large": 9223372036854775808, "text": "x",
             "list": [1, [-0.25]], "object": {"batch_size": 3, "empty": {}}}
            """
        let params = try JSON(parsing: Array(text.utf8))
        let read = try #require(SmallJob.with("params", params).definition).params
        #expect(read.batchSize == nil)
        #expect(
            read
                == ModelParameters([
                    "null": .null, "yes": .bool(true), "whole": .int(7), "also": .int(7), "half": .double(0.5),
                    "large": .double(9_223_372_036_854_775_808), "text": .string("x"),
                    "list": .array([.int(1), .array([.double(-0.25)])]),
                    "object": .object(["batch_size": .int(3), "empty": .object([:])]),
                ]))
        #expect(SmallJob.with("params", nil).definition?.params == ModelParameters())
    }

    @Test func numbersPastADoubleAreRefused() throws {
        let params = try JSON(parsing: Array(#"{"a": [0, {"b": 1e400}], "c": -1e999, "d": 1e-999}"#.utf8))
        #expect(
            SmallJob.with("params", params).faults == [
                "/params/a/1/b: must be a number in a double's range, not 1e400",
                "/params/c: must be a number in a double's range, not -1e999",
            ])
    }

    // MARK: Batch sizes

    /// Evaluation on the CPU of a job that trains on the TPU.
    @Test func evaluationOnTheCPU() throws {
        let more: JSON = ["eval_batch_size": 3, "evaluate": ["eval_on_tpu": false, "input": SmallJob.input]]
        let job = try #require(Self.onTPU(2, more).definition, "\(Self.onTPU(2, more).faults)")
        #expect(job.evalBatchSize == nil)
        #expect(job.canonical["evaluate"]?["input"]?["batch_size"] == 3 && job.canonical["eval_batch_size"] == 3)
        #expect(job.canonical["evaluate"]?["eval_on_tpu"] == false)
        let onTPU = Self.onTPU(2, ["eval_batch_size": 4, "evaluate": ["steps": 1, "input": SmallJob.input]])
        #expect(onTPU.definition?.canonical["evaluate"]?["eval_on_tpu"] == true)
        #expect(
            Self.onTPU(2, ["evaluate": ["eval_on_tpu": true, "input": SmallJob.input]]).faults == [
                "/evaluate/eval_on_tpu: needs eval_batch_size, the rows of a batch over all cores"
            ])
        var onCPU = SmallJob()
        onCPU.spec["evaluate"]?["eval_on_tpu"] = true
        #expect(
            onCPU.faults == [
                "/evaluate/eval_on_tpu: can't be true in a job without the TPU: set use_tpu, or leave it out"
            ])
    }

    static let batches: [(shards: JSON, more: JSON, faults: [String])] = [
        (
            2, ["train_batch_size": 5],
            ["/train_batch_size: 5 must be divisible by the number of shards 2 (tpu_config.num_shards)"]
        ),
        (
            nil, ["train_batch_size": 12],
            ["/train_batch_size: 12 must be divisible by the number of shards 8 (tpu_config.num_shards)"]
        ),
        (2, ["train_batch_size": nil], ["/train_batch_size: is required"]),
        (
            2, ["train_batch_size": 0, "eval_batch_size": -2],
            [
                "/train_batch_size: must be a whole number from 1 to 2147483647, not 0",
                "/eval_batch_size: must be a whole number from 1 to 2147483647, not -2",
            ]
        ),
        (
            4, ["eval_batch_size": 6, "evaluate": ["steps": 1, "input": SmallJob.input]],
            ["/eval_batch_size: 6 must be divisible by the number of shards 4 (tpu_config.num_shards)"]
        ),
        (
            16,
            ["train_batch_size": 16, "eval_batch_size": 7, "evaluate": ["steps": 1, "input": SmallJob.input]],
            [
                "/eval_batch_size: evaluation on the TPU is on one host: use 8 shards at most, set multi_host_evaluation, or "
                    + "leave eval_batch_size out to evaluate on the CPU"
            ]
        ),
        (
            16,
            [
                "train_batch_size": 16, "eval_batch_size": 8, "evaluate": ["steps": 1, "input": SmallJob.input],
                "tpu_config": ["num_shards": 16, "multi_host_evaluation": true],
            ], ["/eval_batch_size: 8 must be divisible by the number of shards 16 (tpu_config.num_shards)"]
        ),
        // Where the cores are at fault, no batch is held against another number of them.
        (0, [:], ["/tpu_config/num_shards: must be a whole number from 1 to 2048, not 0"]),
        (
            12, ["train_batch_size": 12],
            ["/tpu_config/num_shards: must be 1 to 8 cores of one host or a multiple of 8, not 12"]
        ),
    ]

    @Test(arguments: batches.indices) func batchesAreDividedAmongTheCores(_ index: Int) {
        let row = Self.batches[index]
        #expect(Self.onTPU(row.shards, row.more).faults == row.faults)
    }

    /// Without cores nothing is divided.
    @Test func onTheCPUABatchHasAnySize() {
        #expect(SmallJob.with("train_batch_size", 5).faults == [])
        #expect(SmallJob.with("eval_batch_size", 5).faults == [])
    }
}
