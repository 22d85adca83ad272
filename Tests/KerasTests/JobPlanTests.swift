import Datasets
import Estimator
import Executor
import Formats
import Foundation
import Graph
import Keras
import OrderedCollections
import TestSupport
import Testing

@Suite struct JobPlanTests {
    private static func job(_ change: (inout JSON) -> Void = { _ in }) -> SmallJob {
        var job = SmallJob()
        change(&job.spec)
        return job
    }

    private static func plan(_ job: SmallJob) throws -> JobPlan {
        try #require(job.definition, "\(job.faults)").plan()
    }

    /// The steps are those that are asked for; without a number they end with the data.
    @Test func stepsAreThoseThatAreAskedFor() throws {
        #expect(try Self.plan(Self.job { $0["train"]?["max_steps"] = 7 }).steps == 7)
        #expect(
            try Self.plan(
                Self.job {
                    $0["train"]?["max_steps"] = nil
                    $0["train"]?["steps"] = 5
                }
            ).steps == 5)
        #expect(try Self.plan(Self.job { $0["train"]?["max_steps"] = nil }).steps == nil)
    }

    @Test func theAnswerHasAllOfIt() throws {
        let plan = try Self.plan(
            Self.job { $0["model"] = [["Dense": ["units": 4, "trainable": false]], ["Dense": ["units": 3]]] })
        #expect(plan.parameters == 2 * 4 + 4 + 4 * 3 + 3)
        let json = plan.json
        #expect(
            json["variables"] == [
                ["name": "dense/kernel", "shape": [2, 4], "trainable": false],
                ["name": "dense/bias", "shape": [4], "trainable": false],
                ["name": "dense_1/kernel", "shape": [4, 3], "trainable": true],
                ["name": "dense_1/bias", "shape": [3], "trainable": true],
            ])
        #expect(json["parameters"] == 27 && json["steps"] == 1)
        #expect(json["flops_per_step"] == JSON(plan.flopsPerStep) && json["peak_bytes"] == JSON(plan.peakBytes))
        #expect(json["summary"] == JSON(plan.summary))
    }

    /// A training's products: forward, the gradient of each kernel, and that of the rows for all layers but the first.
    @Test func operationsAreThoseOfABatch() throws {
        func flops(_ batch: Int) throws -> Int {
            try Self.plan(
                Self.job {
                    $0["train_batch_size"] = JSON(batch)
                    $0["model"] = [["Dense": ["units": 64]], ["Dense": ["units": 3]]]
                }
            ).flopsPerStep
        }
        let (one, two, three) = (try flops(64), try flops(128), try flops(192))
        // Beside a constant part for the variables, they grow with the rows.
        #expect(two - one == three - two)
        let products = 64 * 2 * (2 * 2 * 64 + 3 * 64 * 3)
        #expect(two - one >= products && two - one < products * 2, "\(two - one) \(products)")
    }

    /// Cores divide the batch: each has its own copy of the variables, and the rows are the same.
    @Test func coresDivideTheBatch() throws {
        func plan(_ shards: Int) throws -> JobPlan {
            try Self.plan(
                Self.job {
                    $0["use_tpu"] = true
                    $0["tpu_config"] = ["num_shards": JSON(shards)]
                    $0["train_batch_size"] = 1024
                })
        }
        let (one, eight) = (try plan(1), try plan(8))
        #expect(one.parameters == eight.parameters)
        #expect(eight.flopsPerStep >= one.flopsPerStep && eight.flopsPerStep < one.flopsPerStep * 2)
    }

    private static let examples = [
        "digits-mlp", "digits-cnn", "digits-resnet20", "shakespeare-gpt", "shakespeare-lstm", "iris",
    ]

    private static func example(_ name: String) throws -> JobDefinition {
        let path = ProjectFiles.root.appending(path: "docs/examples/\(name).json")
        let faults = SpecErrors()
        let roots = DataRoots([ProjectFiles.root.appending(path: "docs/examples/data").path])
        let job = JobDefinition.read(try JSON(parsing: [UInt8](Data(contentsOf: path))), roots: roots, faults: faults)
        return try #require(job, "\(faults.all)")
    }

    /// The figure is what the executor of the job's program has allocated, to the byte; where it does not fit, results are
    /// computed again, and the figure is less.
    @Test(arguments: examples) func theBytesAreThoseOfTheExecutor(name: String) throws {
        let job = try Self.example(name)
        let (built, shards) = try job.program()
        var execution = ExecutionOptions(threads: 2)
        func bytes() throws -> Int {
            let executor = try execution.makeExecutor(
                built.program,
                execution.executorOptions(shards: shards, hosts: 1, seed: 0, stepsAhead: nil))
            return try #require(executor as? LaneExecutor).bytes
        }
        let plain = try job.plan(execution)
        #expect(try plain.peakBytes == bytes())
        #expect(!plain.recomputes)
        execution.memoryBytes = plain.peakBytes - 1
        let small = try job.plan(execution)
        #expect(try small.peakBytes == bytes())
        #expect(small.recomputes == (small.peakBytes < plain.peakBytes))
        #expect(small.recomputes || ["digits-mlp", "digits-cnn", "iris"].contains(name))
        execution.memoryBytes = plain.peakBytes
        try job.check(execution)
        execution.memoryBytes = 1
        #expect(throws: TooLargeJob.self) { try job.check(execution) }
    }

    /// Of a job's program nothing is left that depends on constants alone, but what is as cheap where it is used.
    @Test(arguments: examples) func constantsAreFolded(name: String) throws {
        func foldable(isOptimized: Bool) throws -> [String] {
            let program = try Self.example(name).program(isOptimized: isOptimized).built.program
            return program.nodes.filter { node in
                let isConstant = node.operands.allSatisfy { program[$0].op.kind == .constant }
                return !node.operands.isEmpty && isConstant && node.op.kind != .broadcast && node.type.count <= 4096
            }.map { "\($0.op.name) \($0.name)" }
        }
        #expect(try foldable(isOptimized: true).isEmpty)
        #expect(try !foldable(isOptimized: false).isEmpty)
    }

    /// An evaluation alone is planned by its own batches.
    @Test func anEvaluationIsPlanned() throws {
        let folder = try TemporaryDirectory()
        let start = Safetensors(tensors: [
            "dense/kernel": NDArray([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3]),
            "dense/bias": NDArray([1, 2, 3] as [Float]),
        ])
        try folder.write("start.safetensors", start.serialized())
        func plan(_ batch: Int) throws -> JobPlan {
            var job = Self.job {
                $0["mode"] = "evaluate"
                $0["train"] = nil
                $0["train_batch_size"] = nil
                $0["warm_start_from"] = ["path": "start.safetensors"]
                $0["evaluate"]?["input"]?["batch_size"] = JSON(batch)
            }
            job.roots = DataRoots([folder.path])
            return try Self.plan(job)
        }
        let (small, large) = (try plan(4), try plan(8))
        #expect(small.steps == nil && small.json["steps"] == .null)
        #expect(small.parameters == 9)
        // A product and no gradients: 4 rows of 2 numbers times 3.
        #expect(small.flopsPerStep >= 4 * 2 * 2 * 3)
        #expect(large.flopsPerStep > small.flopsPerStep && large.peakBytes > small.peakBytes)
    }
}
