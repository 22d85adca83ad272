import Datasets
import Estimator
import Formats
import Keras
import OrderedCollections
import Testing

/// Jobs that go on from another job's checkpoint.
@Suite struct ContinueFromTests {
    private static let job = "01kb8z6t4v9q2m5x7c3n1d0fge"
    private let folder: TemporaryDirectory
    private var jobs: JobCheckpoints { JobCheckpoints(folder: folder.path) }

    init() throws { folder = try TemporaryDirectory() }

    /// Twelve rows in batches of four: an epoch is three steps.
    private static func spec(_ train: JSON, _ optimizer: JSON, from start: JSON = nil) -> JSON {
        var spec = SmallJob.training([
            "synthetic": ["features": ["shape": [2]], "labels": ["classes": 3], "examples": 12]
        ]).spec
        spec["optimizer"] = optimizer
        var section = train
        section["input"] = spec["train"]?["input"] ?? nil
        spec["train"] = section
        spec["run_config"] = ["save_checkpoints_steps": 3]
        spec["tpu_config"] = ["iterations_per_loop": 3]
        spec["continue_from"] = start
        return spec
    }

    private static let adam: JSON = ["Adam": ["learning_rate": 0.1]]

    private func read(_ spec: JSON) -> (job: JobDefinition?, faults: [String]) {
        let faults = SpecErrors()
        let read = JobDefinition.read(spec, roots: DataRoots([]), jobs: jobs, faults: faults)
        return (read, faults.all.map(\.description))
    }

    /// Trains the job that a specification says, in a folder of this name.
    private func train(_ spec: JSON, as name: String, to step: Int) throws -> TrainingResult {
        let (job, faults) = read(spec)
        let definition = try #require(job, "\(faults)")
        try definition.check()
        let estimator = try definition.estimator(
            modelDirectory: "\(folder.path)/\(name)", lock: nil, roots: DataRoots([]), jobs: jobs,
            execution: ExecutionOptions(), observer: nil)
        let input = try #require(try definition.trainingInput(DataRoots([])))
        return try estimator.train(input: input, maxSteps: step, dataStart: .checkpoint)
    }

    private func checkpoint(_ name: String, _ step: Int) throws -> Checkpoint {
        try #require(try CheckpointStore(modelDirectory: "\(folder.path)/\(name)").checkpoint(at: step))
    }

    private static let optimizers: [JSON] = [
        adam, ["SGD": ["learning_rate": 0.1, "momentum": 0.9]], "sgd",
        [
            "Adam": [
                "learning_rate": [
                    "ExponentialDecay": ["initial_learning_rate": 0.1, "decay_steps": 4, "decay_rate": 0.5]
                ]
            ]
        ],
        ["Adam": ["learning_rate": 0.1, "use_ema": true]],
    ]

    /// Split at the end of an epoch, at a checkpoint or between two, a training ends with the bytes of one that was never split.
    @Test(arguments: optimizers) func theBytesOfOneTraining(optimizer: JSON) throws {
        _ = try train(Self.spec(["max_steps": 12], optimizer), as: "whole", to: 12)
        // What the average of a shorter training is at its end is another thing; its checkpoint of step 6 is on the way.
        _ = try train(Self.spec(["max_steps": 12], optimizer), as: Self.job, to: 9)
        for (train, start) in [
            (["max_steps": 12], ["job": .string(Self.job), "step": 6]), (["steps": 3], ["job": .string(Self.job)]),
        ] as [(JSON, JSON)] {
            let name = "continued\(start["step"]?.int ?? 0)"
            let result = try self.train(Self.spec(train, optimizer, from: start), as: name, to: 12)
            #expect(result.globalStep == 12)
            let (one, other) = (try checkpoint("whole", 12), try checkpoint(name, 12))
            #expect(one.variables.map(\.array.bytes) == other.variables.map(\.array.bytes), "\(start)")
            #expect(one.slots.map(\.array.bytes) == other.slots.map(\.array.bytes), "\(start)")
            // The data began anew.
            #expect(other.state.consumedBatches == 12 - (start["step"]?.int ?? 9))
            #expect(other.state.reported.newestStep(of: ReportedSeries.loss) == 12)
        }
    }

    /// Cut in the middle, it goes on from its own checkpoint.
    @Test func anAttemptOfItsOwn() throws {
        _ = try train(Self.spec(["max_steps": 12], Self.adam), as: "whole", to: 12)
        _ = try train(Self.spec(["max_steps": 6], Self.adam), as: Self.job, to: 6)
        let spec = Self.spec(["max_steps": 12], Self.adam, from: ["job": .string(Self.job), "step": 6])
        #expect(try train(spec, as: "cut", to: 10).globalStep == 10)
        #expect(try train(spec, as: "cut", to: 12).globalStep == 12)
        let (one, other) = (try checkpoint("whole", 12), try checkpoint("cut", 12))
        #expect(one.variables.map(\.array.bytes) == other.variables.map(\.array.bytes))
        #expect(one.slots.map(\.array.bytes) == other.slots.map(\.array.bytes))
    }

    @Test func whatIsStoredAndPlanned() throws {
        _ = try train(Self.spec(["max_steps": 9], Self.adam), as: Self.job, to: 9)
        let newest = try #require(
            read(Self.spec(["max_steps": 12], Self.adam, from: ["job": .string(Self.job)])).job)
        #expect(newest.canonical["continue_from"] == ["job": .string(Self.job), "step": 9])
        #expect(newest.canonical["warm_start_from"] == JSON.null)
        #expect(newest.firstStep == 9)
        #expect(try newest.plan().steps == 3)
        let steps = try #require(
            read(Self.spec(["steps": 12], Self.adam, from: ["job": .string(Self.job), "step": 6])).job)
        #expect(try steps.plan().steps == 12)
        #expect(newest.effect != steps.effect)
    }

    @Test func faults() throws {
        _ = try train(Self.spec(["max_steps": 9], Self.adam), as: Self.job, to: 9)
        let start: JSON = ["job": .string(Self.job)]
        func faults(_ train: JSON = ["max_steps": 12], from start: JSON, _ edit: (inout JSON) -> Void = { _ in })
            -> [String]
        {
            var spec = Self.spec(train, Self.adam, from: start)
            edit(&spec)
            return read(spec).faults
        }
        #expect(
            faults(["max_steps": 9], from: start) == [
                "/train/max_steps: must be more than 9, the step that continue_from goes on from, not 9: there would be nothing to "
                    + "train"
            ])
        #expect(faults(from: [:]) == ["/continue_from/job: is required"])
        #expect(faults(from: ["path": "x"]).contains { $0.hasPrefix("/continue_from/path: is not a known field") })
        #expect(
            faults(from: ["job": "nobody"]) == [
                "/continue_from/job: must be the id of a job that has a checkpoint, not \"nobody\""
            ])
        #expect(
            faults(from: ["job": .string(Self.job), "step": 7]).first
                == "/continue_from/step: must be that of a checkpoint of job \(Self.job), which has none of step 7; there are 9, 6, 3"
        )
        #expect(
            faults(from: start) { $0["warm_start_from"] = ["path": "x"] } == [
                "/continue_from: can't be given together with warm_start_from: it takes variables, too, beside the optimizer's and "
                    + "the step"
            ])
        #expect(
            faults(from: start) { $0["model"] = [["Dense": ["units": 4, "input_shape": [2]]]] }
                .contains { $0.hasPrefix("/continue_from/job: ") && $0.contains("as float32 [2, 3], but the model") })
        // The rows that are left out of account are those that were trained before.
        #expect(
            faults(["max_steps": 12], from: start) { $0["train"]?["input"]?["repeat"] = 1 } == [])
        #expect(
            faults(["max_steps": 13], from: start) { $0["train"]?["input"]?["repeat"] = 1 }
                .contains { $0.contains("ends after 3 batches of 4 rows") && $0.contains("4 steps are asked for") })
    }

    /// Evaluation and prediction have no optimizer to go on with.
    @Test func modesThatDoNotTrain() {
        var job = SmallJob.with("continue_from", ["job": .string(Self.job)])
        job.spec["mode"] = "evaluate"
        job.spec["train"] = nil
        #expect(
            job.faults.contains(
                "/continue_from: has no meaning with the mode \"evaluate\", which does not train; name the job with warm_start_from"
            ))
    }

    /// What the optimizer keeps is known once the program is built.
    @Test func otherOptimizers() throws {
        _ = try train(Self.spec(["max_steps": 9], Self.adam), as: Self.job, to: 9)
        func fault(_ optimizer: JSON) throws -> SpecError? {
            let spec = Self.spec(["max_steps": 12], optimizer, from: ["job": .string(Self.job)])
            let job = try #require(read(spec).job)
            do { try job.check() } catch let error as SpecError { return error }
            return nil
        }
        #expect(try fault(["Adam": ["learning_rate": 0.5]]) == nil)
        let momentum = try #require(try fault(["SGD": ["learning_rate": 0.1, "momentum": 0.9]]))
        #expect(momentum.pointer == JSONPointer(tokens: ["continue_from", "job"]))
        #expect(momentum.detail.contains("lacks ") && momentum.detail.contains("holds "), "\(momentum)")
        let plain = try #require(try fault("sgd"))
        #expect(!plain.detail.contains("lacks ") && plain.detail.contains("which this job's optimizer does not keep"))
    }
}
