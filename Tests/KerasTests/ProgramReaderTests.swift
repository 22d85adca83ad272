import Datasets
import Estimator
import Formats
import Keras
import OrderedCollections
import Testing

/// Jobs that name a program in place of a model.
@Suite struct ProgramReaderTests {
    private static let input: JSON = [
        "source": ["synthetic": ["features": ["shape": [4]], "labels": ["classes": 2], "examples": 64]]
    ]

    private static func spec(_ change: (inout JSON) -> Void = { _ in }) -> JSON {
        var spec: JSON = [
            "mode": "train_and_evaluate", "program": ["name": "digits"], "train_batch_size": 16, "eval_batch_size": 16,
            "params": ["units": 8, "deep": [1, ["a": nil]]], "train": ["max_steps": 9], "evaluate": ["steps": 2],
        ]
        change(&spec)
        return spec
    }

    private static func read(
        _ spec: JSON, jobs: JobCheckpoints = JobCheckpoints(folder: nil), names: [String]? = ["digits", "other"]
    ) -> (job: ProgramDefinition?, faults: [String]) {
        let faults = SpecErrors()
        let job = ProgramDefinition.read(spec, roots: DataRoots([]), jobs: jobs, names: names, faults: faults)
        return (job, faults.all.map { "\($0.pointer) \($0.detail)" })
    }

    @Test func whatTheJobSaysIsRead() throws {
        let (read, faults) = Self.read(Self.spec())
        #expect(faults == [])
        let job = try #require(read)
        #expect(job.name == "digits" && job.mode == .trainAndEvaluate && job.numShards == 8 && job.firstStep == 0)
        #expect((job.trainBatchSize, job.evalBatchSize, job.predictBatchSize) == (16, 16, nil))
        #expect(job.training?.maxSteps == 9 && job.evaluation?.steps == 2 && job.predictionShards == 1)
        #expect(job.params["units"] == .int(8))
        #expect(job.plan["steps"] == 9 && job.plan["parameters"] == .null)
        #expect(ProgramDefinition.isOne(Self.spec()) && !ProgramDefinition.isOne(["program": nil]))
    }

    /// The document with its defaults has the fields of a job with a model, in their order, and is read as the same again.
    @Test func theCanonicalFormIsThatOfAJobWithAModel() throws {
        let given = Self.read(Self.spec { $0["train"]?["input"] = Self.input })
        let job = try #require(given.job)
        let model = try #require(
            JobDefinition.read(SmallJob().spec, roots: DataRoots([]), faults: SpecErrors()))
        #expect(Array(job.canonical.keys) == Array(model.canonical.keys))
        #expect(job.canonical["program"] == ["name": "digits"] && model.canonical["program"] == .null)
        #expect(job.canonical["params"] == Self.spec()["params"])
        #expect(job.canonical["train"]?["input"]?["prefetch"] == 2 && job.canonical["evaluate"]?["input"] == .null)
        let (again, faults) = Self.read(.object(job.canonical))
        #expect(faults == [] && again?.canonical == job.canonical)
    }

    /// Whoever reads the job as one with a model does not pass over the program.
    @Test func aJobWithAProgramIsNotOneWithAModel() {
        let faults = SpecErrors()
        let job = JobDefinition.read(
            SmallJob.with("program", ["name": "digits"]).spec, roots: DataRoots([]), faults: faults)
        #expect(job == nil && faults.all.map(\.pointer.description) == ["/program"])
    }

    @Test(
        arguments: [
            ("model", [["Dense": ["units": 1]]]), ("loss", "mse"), ("optimizer", "sgd"), ("metrics", ["accuracy"]),
            ("weighted_metrics", ["accuracy"]), ("loss_weights", [1]), ("dtype_policy", "float32"),
            ("early_stopping", ["monitor": "loss"]),
        ] as [(String, JSON)]) func whatTheProgramSaysIsRefused(_ field: String, _ value: JSON)
    {
        let (job, faults) = Self.read(Self.spec { $0[field] = value })
        #expect(job == nil)
        #expect(faults == ["/\(field) can't be given together with program, which brings its own: leave it out"])
        #expect(Self.read(Self.spec { $0[field] = .null }).faults == [])
    }

    @Test func otherFieldsOfModelsAreRefusedWhereTheyAre() {
        func faults(_ change: (inout JSON) -> Void) -> [String] { Self.read(Self.spec(change)).faults }
        #expect(faults { $0["cross_shard_reduction"] = "mean" } == [])
        #expect(faults { $0["cross_shard_reduction"] = "sum" }.first?.hasPrefix("/cross_shard_reduction ") == true)
        #expect(
            faults { $0["run_config"] = ["keep_best": ["monitor": "loss"]] }.first?.hasPrefix("/run_config/keep_best ")
                == true)
        #expect(faults { $0["train"]?["class_weight"] = ["0": 1] }.first?.hasPrefix("/train/class_weight ") == true)
        #expect(
            faults {
                $0["evaluate"]?["input"] = Self.input
                $0["evaluate"]?["input"]?["drop_remainder"] = false
            }.first?.hasPrefix("/evaluate/input/drop_remainder must be true") == true)
    }

    @Test(arguments: [
        (
            "digit", ["digits", "other"],
            #"/program/name "digit" is not a program that the operator has listed; did you mean "digits"?; there are digits, other"#
        ),
        (
            "x", [],
            #"/program/name "x" is not a program that the operator has listed; none is: the daemon's setting programs lists them"#
        ),
    ]) func anUnknownNameIsToldWithThoseThatThereAre(_ name: String, _ names: [String], _ words: String) {
        let spec = Self.spec { $0["program"]?["name"] = .string(name) }
        #expect(Self.read(spec, names: names).faults == [words])
        // The program's own process asks nobody.
        #expect(Self.read(spec, names: nil).faults == [])
    }

    @Test(
        arguments: [
            ("digits", #"/program must be an object such as {"name":"digits"}, not "#),
            ([:], "/program/name is required"),
            (["name": 1], "/program/name must be a string"),
            (["name": "digits", "path": "/x"], "/program/path is not"),
        ] as [(JSON, String)]) func anotherFormIsRefused(_ program: JSON, _ words: String)
    {
        let faults = Self.read(Self.spec { $0["program"] = program }).faults
        #expect(faults.count == 1 && faults[0].hasPrefix(words), "\(faults)")
    }

    /// All else is as for a model: every fault at once.
    @Test func allElseIsAsForAModel() {
        let (_, faults) = Self.read(
            Self.spec { spec in
                spec["train_batch_size"] = 12
                spec["params"] = ["batch_size": 3]
                spec["train"] = ["input": Self.input]
                spec["evaluate"] = ["steps": 99, "input": Self.input]
                spec["predict"] = ["input": Self.input]
                spec["tpu_config"] = ["num_shards": 8, "shards": 1]
            })
        let pointers = faults.map { String($0.prefix { $0 != " " }) }
        #expect(
            Set(pointers) == [
                "/train_batch_size", "/params/batch_size", "/train/max_steps", "/evaluate/steps", "/predict",
                "/tpu_config/shards",
            ], "\(faults)")
    }

    @Test func anInputsArraysComeAsTheyAre() throws {
        let given = Self.read(
            Self.spec { spec in
                spec["train"]?["input"] = Self.input
                spec["evaluate"]?["input"] = Self.input
            })
        let job = try #require(given.job)
        #expect(job.canonical["evaluate"]?["input"]?["batch_size"] == 16)
        let lone = Self.read(Self.spec { $0["mode"] = "predict" })
        #expect(lone.faults.contains { $0.hasPrefix("/warm_start_from is required") }, "\(lone.faults)")
    }

    /// Variables come by their names: from a checkpoint, with what the optimizer kept where the training goes on.
    @Test func aCheckpointIsStartedFrom() throws {
        let folder = try TemporaryDirectory()
        let id = "01kb8z6t4v9q2m5x7c3n1d0fge"
        _ = try CheckpointStore(modelDirectory: "\(folder.path)/\(id)", keepMax: 0).save(
            Checkpoint(
                step: 20, variables: [NamedArray(name: "any", array: NDArray([1, 2] as [Float]))], slots: [],
                state: SavedState(globalStep: 20, consumedBatches: 20, seed: 0)), reason: .interval)
        let jobs = JobCheckpoints(folder: folder.path)
        let going = Self.read(
            Self.spec { spec in
                spec["continue_from"] = ["job": .string(id)]
                spec["train"]?["max_steps"] = 25
            }, jobs: jobs)
        #expect(going.faults == [] && going.job?.firstStep == 20 && going.job?.plan["steps"] == 5)
        let over = Self.read(Self.spec { $0["continue_from"] = ["job": .string(id)] }, jobs: jobs)
        #expect(over.faults.first?.hasPrefix("/train/max_steps must be more than 20") == true)
        let warm = Self.read(
            Self.spec { spec in
                spec["mode"] = "predict"
                spec["warm_start_from"] = ["job": .string(id)]
                spec["train"] = nil
                spec["evaluate"] = nil
            }, jobs: jobs)
        #expect(warm.faults == [] && warm.job?.canonical["warm_start_from"]?["step"] == 20)
    }
}
