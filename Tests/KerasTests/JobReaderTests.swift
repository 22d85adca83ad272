import Datasets
import Formats
import Foundation
import Keras
import OrderedCollections
import TestSupport
import Testing

/// Every fault of a job is found at submit, with a pointer to the field and words that name the way out.
@Suite struct JobReaderTests {
    /// One change of the example job, and what must be said about it.
    struct Row: CustomStringConvertible, Sendable {
        let pointer: String
        let words: [String]
        let isLater: Bool
        let change: @Sendable (inout JSON) -> Void
        var description: String { "\(pointer) \(words)" }

        init(
            _ pointer: String, _ words: String..., isLater: Bool = false,
            change: @escaping @Sendable (inout JSON) -> Void
        ) {
            self.pointer = pointer
            self.words = words
            self.isLater = isLater
            self.change = change
        }
    }

    static let roots = DataRoots([ProjectFiles.root.appending(path: "docs/examples/data").path])

    static func example() throws -> JSON {
        try JSON(parsing: [UInt8](Data(contentsOf: ProjectFiles.root.appending(path: "docs/examples/digits-mlp.json"))))
    }

    static let rows: [Row] = [
        Row("/mode", "is required") { $0["mode"] = nil },
        Row("/mode", "did you mean \"train\"?") { $0["mode"] = "trian" },
        Row("/predict", "is required") { $0["mode"] = "predict" },
        Row("/predict_batch_size", "90", "8") { $0["predict_batch_size"] = 90 },
        Row("/train_batch_size", "100", "8") { $0["train_batch_size"] = 100 },
        Row("/train_batch_size", "is required") { $0["train_batch_size"] = nil },
        Row("/eval_batch_size", "90", "8") { $0["eval_batch_size"] = 90 },
        Row("/params/batch_size", "reserved", "train_batch_size") { $0["params"] = ["batch_size": 7] },
        Row("/cross_shard_optimizer", "CrossShardOptimizer") { $0["cross_shard_optimizer"] = false },
        Row("/tpu_config/num_shards", "multiple of 8", "12") { $0["tpu_config"]?["num_shards"] = 12 },
        Row("/tpu_config/iterations_per_loop", "30s", "or a time") {
            $0["tpu_config"]?["iterations_per_loop"] = "30 s"
        },
        Row("/tpu_config/num_shard", "did you mean \"num_shards\"?") {
            $0["tpu_config"]?["num_shards"] = nil
            $0["tpu_config"]?["num_shard"] = 8
        },
        Row("/run_config/save_checkpoints_secs", "together") { $0["run_config"]?["save_checkpoints_secs"] = 60 },
        Row("/train/max_steps", "together with steps") { $0["train"]?["steps"] = 5 },
        Row("/train/max_steps", "is required") { $0["train"]?["max_steps"] = nil },
        Row("/train/max_steps", "from 1", "-1") { $0["train"]?["max_steps"] = -1 },
        Row("/train/input", "11 batches of 128", "1500 rows", "600 steps") { $0["train"]?["input"]?["repeat"] = 1 },
        Row("/train/input", "gives no batch", "1500 rows") {
            $0["use_tpu"] = false
            $0["train_batch_size"] = 2_000
            $0["train"]?["max_steps"] = nil
            $0["train"]?["input"]?["repeat"] = 1
            $0["train"]?["input"]?["drop_remainder"] = true
        },
        Row("/train/input/drop_remainder", "full") { $0["train"]?["input"]?["drop_remainder"] = false },
        Row("/train/input/map/1/scael", "is not a map step", "did you mean \"scale\"?", "one_hot") {
            $0["train"]?["input"]?["map"] = [["cast": "float32"], ["scael": 2]]
        },
        Row("/train/input/map/0/cast", "float33", "float32") { $0["train"]?["input"]?["map"] = [["cast": "float33"]] },
        Row("/train/input/map/0/random_flip", "vertical", "sideways") {
            $0["train"]?["input"]?["map"] = [["random_flip": "sideways"]]
        },
        Row("/train/input/source/tfrecord", "tfrecord", isLater: true) {
            $0["train"]?["input"]?["source"] = ["tfrecord": ["paths": []]]
        },
        Row("/train/input/source/idx/features", "digits/nowhere", "does not exist") {
            $0["train"]?["input"]?["source"]?["idx"]?["features"] = "digits/nowhere"
        },
        Row("/train/input/source/idx/features", "outside") {
            $0["train"]?["input"]?["source"]?["idx"]?["features"] = "../../../README.md"
        },
        Row("/train/input/source/idx/features", "outside") {
            $0["train"]?["input"]?["source"]?["idx"]?["features"] = "/etc/passwd"
        },
        Row("/train/input/source", "no labels") { $0["train"]?["input"]?["source"]?["idx"]?["labels"] = nil },
        Row("/evaluate/steps", "4 batches of 96", "297 rows give 3") { $0["evaluate"]?["steps"] = 4 },
        Row("/evaluate/steps", "is required") { $0["evaluate"]?["steps"] = nil },
        Row("/evaluate", "no meaning") { $0["mode"] = "train" },
        Row("/model", "is required") { $0["model"] = nil },
        Row("/model", "not a string") { $0["model"] = "{}" },
        Row("/model", "no layer") { $0["model"] = [] },
        Row("/model/0/Dence", "did you mean \"Dense\"?") { $0["model"] = [["Dence": ["units": 1]]] },
        Row("/model/0/ConvLSTM2D", "ConvLSTM2D", isLater: true) { $0["model"] = [["ConvLSTM2D": ["filters": 1]]] },
        Row("/model/config/layers", "is required") { $0["model"] = ["class_name": "Functional", "config": [:]] },
        Row("/model/class_name", "Graph", "is not a kind of model") {
            $0["model"] = ["class_name": "Graph", "config": [:]]
        },
        Row("/model/1/Dense/units", "positive", "-5") { $0["model"] = [["Flatten": [:]], ["Dense": ["units": -5]]] },
        Row("/model/1/Dense/units", "kernel") {
            $0["model"] = [["Flatten": [:]], ["Dense": ["units": 100_000_000_000]]]
        },
        Row("/model/1/Dense/unit", "did you mean \"units\"?") {
            $0["model"] = [["Flatten": [:]], ["Dense": ["unit": 5]]]
        },
        Row("/model/1/Dense/activation", "relo", "relu") {
            $0["model"] = [["Flatten": [:]], ["Dense": ["units": 5, "activation": "relo"]]]
        },
        Row("/model/1", "does not fit", "axis 2") {
            $0["model"] = [["Flatten": [:]], ["Dense": ["units": 5, "kernel_constraint": ["MaxNorm": ["axis": 2]]]]]
        },
        Row("/model/1/Dense/dtype", "mixed_float16", isLater: true) {
            $0["model"] = [["Flatten": [:]], ["Dense": ["units": 5, "dtype": "mixed_float16"]]]
        },
        Row("/model/2/Dense/name", "another layer") {
            $0["model"] = [
                ["Flatten": [:]], ["Dense": ["units": 5, "name": "a"]], ["Dense": ["units": 5, "name": "a"]],
            ]
        },
        Row("/loss", "is required") { $0["loss"] = nil },
        Row("/loss", "crossentropy", isLater: true) { $0["loss"] = "crossentropy" },
        Row("/loss/SparseCategoricalCrossentropy/from_logit", "from_logits") {
            $0["loss"] = ["SparseCategoricalCrossentropy": ["from_logit": true]]
        },
        Row("/train/input/source", "mean squared error", "[10]") { $0["loss"] = "mse" },
        Row("/optimizer/SGD/momentum", "from 0 to 1", "1.5") { $0["optimizer"] = ["SGD": ["momentum": 1.5]] },
        Row("/optimizer/SGD/learning_rate/noisy_linear_cosine_decay", "schedule", isLater: true) {
            $0["optimizer"] = ["SGD": ["learning_rate": ["noisy_linear_cosine_decay": [:]]]]
        },
        Row("/optimizer/Muon", "Muon", isLater: true) { $0["optimizer"] = ["Muon": [:]] },
        Row("/metrics/0", "acuracy", "accuracy") { $0["metrics"] = ["acuracy"] },
        Row("/metrics/1", "another metric's name") { $0["metrics"] = ["accuracy", "accuracy"] },
        Row("/warm_start_from/path", "does not exist") { $0["warm_start_from"] = ["path": "nothing.safetensors"] },
        Row("/warm_start_from/path", "header") { $0["warm_start_from"] = ["path": "iris/iris.csv"] },
        Row("/warm_start_from/job", "has a checkpoint") { $0["warm_start_from"] = ["job": "abc"] },
        Row("/continue_from/job", "has a checkpoint") { $0["continue_from"] = ["job": "abc"] },
        Row("/train/max_steps", "from 1 to 9007199254740991") { $0["train"]?["max_steps"] = 9_007_199_254_740_992 },
        Row("/train/input/repeat", "from 1 to 9007199254740991") {
            $0["train"]?["input"]?["repeat"] = 4_611_686_018_427_387_904
        },
        Row("/train_batch_size", "from 1 to 2147483647") { $0["train_batch_size"] = 2_147_483_648 },
        Row("/model", "1099511627776 bytes") { $0["train_batch_size"] = 2_147_483_640 },
        Row("/model/0/Flatten/input_shape", "2147483648 numbers") {
            $0["model"] = [
                ["Flatten": ["input_shape": [2_147_483_647, 2_147_483_647, 2_147_483_647]]], ["Dense": ["units": 10]],
            ]
        },
        Row("/run_config/save_summary_steps", "summaries", isLater: true) {
            $0["run_config"]?["save_summary_steps"] = 7
        },
        Row("/train/input/batch_size", "train_batch_size is 128 and rules") {
            $0["train"]?["input"]?["batch_size"] = 64
        },
        Row("/evaluate/input/batch_size", "eval_batch_size is 96 and rules") {
            $0["evaluate"]?["input"]?["batch_size"] = 64
        },
        Row("/tpu_config/tpu_job_name", "U+001B") { $0["tpu_config"]?["tpu_job_name"] = "a\u{1B}[2J" },
        Row("/model/0/Dense/name", "U+202E") { $0["model"] = [["Dense": ["units": 10, "name": "a\u{202E}b"]]] },
        Row("/model/0/MelSpectrogram", "MelSpectrogram", isLater: true) { $0["model"] = [["MelSpectrogram": [:]]] },
        Row("/model/0/class_name", "NewLayer", isLater: true) {
            $0["model"] = [["class_name": "NewLayer", "module": "keras.layers", "config": [:]]]
        },
        Row("/model", "no trainable variable") {
            $0["model"] = [["Flatten": [:]], ["Dense": ["units": 10, "trainable": false]]]
        },
        Row("/model", "Flatten", "[8, 10]") {
            $0["model"] = [["Dense": ["units": 10]]]
            $0["train"]?["input"]?["map"] = [["cast": "float32"]]
            $0["evaluate"]?["input"]?["map"] = [["cast": "float32"]]
        },
        Row("/metrics/0", "reserved", "global_step") {
            $0["metrics"] = [["MeanSquaredError": ["name": "global_step"]]]
        },
        Row("/metrics/0", "reserved", "loss") { $0["metrics"] = [["MeanSquaredError": ["name": "loss"]]] },
        Row("/optimizer/SGD/lr", "old word") { $0["optimizer"] = ["SGD": ["lr": 0.1, "learning_rate": 0.1]] },
        Row("/train/train_batch_size", "/train_batch_size") { $0["train"]?["train_batch_size"] = 8 },
        Row("/model/0/Rescaling/scale/1", "finite", "\"x\"") {
            $0["model"] = [["Rescaling": ["scale": [1, "x"]]], ["Dense": ["units": 10]]]
        },
        Row("/train/class_weight", "class 10", "0 to 9") { $0["train"]?["class_weight"] = ["0": 1, "10": 2] },
        Row("/batch_axis", isLater: true) { $0["batch_axis"] = [0] },
    ]

    @Test(arguments: rows)
    func isFound(_ row: Row) throws {
        var job = try Self.example()
        row.change(&job)
        let faults = SpecErrors()
        #expect(JobDefinition.read(job, roots: Self.roots, faults: faults) == nil)
        let here = faults.all.filter { "\($0.pointer)" == row.pointer }
        #expect(!here.isEmpty, "\(faults.all)")
        for word in row.words { #expect(here.contains { $0.detail.contains(word) }, "\(here)") }
        #expect(here.contains { ($0.code == SpecError.notSupported) == row.isLater }, "\(here)")
        for fault in faults.all { #expect(!fault.detail.contains(ProjectFiles.root.path), "\(fault)") }
    }

    @Test func allFaultsComeAtOnce() throws {
        var job = try Self.example()
        job["train_batch_size"] = 100
        job["loss"] = "crossentropy"
        job["metrics"] = ["acuracy"]
        job["train"]?["input"]?["source"]?["idx"]?["labels"] = "digits/nowhere"
        let faults = SpecErrors()
        _ = JobDefinition.read(job, roots: Self.roots, faults: faults)
        #expect(
            Set(faults.all.map { "\($0.pointer)" })
                == ["/train_batch_size", "/loss", "/metrics/0", "/train/input/source/idx/labels"])
    }

    @Test func theExampleIsRightAndItsDefaultsAreFilledIn() throws {
        let faults = SpecErrors()
        let definition = try #require(
            JobDefinition.read(try Self.example(), roots: Self.roots, faults: faults), "\(faults.all)")
        #expect(definition.canonical["run_config"]?["keep_checkpoint_max"]?.int == 5)
        #expect(definition.canonical["train"]?["input"]?["shuffle"]?["seed"]?.int == 42)
        // What is filled in reads back to itself.
        let again = SpecErrors()
        let second = JobDefinition.read(.object(definition.canonical), roots: Self.roots, faults: again)
        #expect(second?.canonical == definition.canonical, "\(again.all)")

        let plan = try definition.plan()
        #expect(plan.parameters == 64 * 128 + 128 + 128 * 64 + 64 + 64 * 10 + 10)
        #expect(plan.variables.map(\.name).prefix(2) == ["dense/kernel", "dense/bias"])
        #expect(plan.steps == 600)
        // Forward and both backward products of 128 rows, less the first layer's backward data.
        let products = 2 * 128 * (64 * 128 * 2 + 128 * 64 * 3 + 64 * 10 * 3)
        #expect(
            plan.flopsPerStep > products && plan.flopsPerStep < products * 3 / 2, "\(plan.flopsPerStep) \(products)")
        #expect(plan.summary.contains("dense_2 (Dense)"))
    }

    /// As many layers as a model may have are read, and one more is refused by the number.
    @Test func manyLayersAreRead() throws {
        var job = try Self.example()
        let layer: JSON = ["Dense": ["units": 10]]
        let layers = [["Flatten": [:]]] + Array(repeating: layer, count: SpecLimit.layers - 1)
        job["model"] = .array(layers)
        let faults = SpecErrors()
        let read = JobDefinition.read(job, roots: Self.roots, faults: faults)
        #expect(read != nil, "\(faults.all)")
        job["model"] = .array(layers + [layer])
        let more = SpecErrors()
        #expect(JobDefinition.read(job, roots: Self.roots, faults: more) == nil)
        #expect(more.all.map(\.detail) == ["must have at most 10000 layers, not 10001"])
    }

    @Test func invalidModelsOfKerasAreRefused() throws {
        let folder = ProjectFiles.ownCases.appending(path: "keras/invalid")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
            $0 != "expected.json" && $0.hasSuffix(".json")
        }
        #expect(files.count > 10)
        for file in files {
            guard let model = try? JSON(parsing: [UInt8](Data(contentsOf: folder.appending(path: file)))) else {
                continue
            }
            var job = try Self.example()
            job["model"] = model
            let faults = SpecErrors()
            #expect(JobDefinition.read(job, roots: Self.roots, faults: faults) == nil, "\(file)")
        }
    }
}
