import Datasets
import Formats
import Keras
import OrderedCollections
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
