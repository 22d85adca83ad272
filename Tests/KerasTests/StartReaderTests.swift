import Datasets
import Estimator
import Formats
import Keras
import OrderedCollections
import Testing

/// Jobs that start from another job's checkpoint.
@Suite struct StartReaderTests {
    private static let job = "01kb8z6t4v9q2m5x7c3n1d0fge"
    private let jobs: TemporaryDirectory

    init() throws {
        jobs = try TemporaryDirectory()
        let store = CheckpointStore(modelDirectory: "\(jobs.path)/\(Self.job)", keepMax: 0)
        for step in [10, 20] {
            let kernel = NDArray([Float](repeating: Float(step), count: 6), shape: [2, 3])
            _ = try store.save(
                Checkpoint(
                    step: step,
                    variables: [
                        NamedArray(name: "dense/kernel", array: kernel),
                        NamedArray(name: "dense/bias", array: NDArray([0, 0, 0] as [Float])),
                    ], slots: [], state: SavedState(globalStep: step, consumedBatches: step, seed: 0)),
                reason: .interval)
        }
    }

    private func read(_ start: JSON, model: JSON? = nil) -> (job: JobDefinition?, faults: [String]) {
        var job = SmallJob.with("warm_start_from", start)
        if let model { job.spec["model"] = model }
        let faults = SpecErrors()
        let read = JobDefinition.read(
            job.spec, roots: DataRoots([]), jobs: JobCheckpoints(folder: jobs.path), faults: faults)
        return (read, faults.all.map(\.description))
    }

    @Test func theNewestOrTheOneThatIsNamed() throws {
        let newest = try #require(read(["job": .string(Self.job)]).job)
        #expect(newest.canonical["warm_start_from"] == ["job": .string(Self.job), "step": 20])
        let first = try #require(read(["job": .string(Self.job), "step": 10]).job)
        #expect(first.canonical["warm_start_from"] == ["job": .string(Self.job), "step": 10])
        #expect(newest.effect != first.effect)
        #expect(read(newest.canonical["warm_start_from"] ?? .null).job?.effect == newest.effect)
    }

    /// One that has rotted is passed over, and refused where it is named.
    @Test func damagedOnes() throws {
        let path = "\(Self.job)/checkpoints/20/model.safetensors"
        try jobs.write(path, [0])
        #expect(read(["job": .string(Self.job)]).job?.canonical["warm_start_from"]?["step"] == 10)
        #expect(
            read(["job": .string(Self.job), "step": 20]).faults == [
                "/warm_start_from/step: must be that of a checkpoint of job \(Self.job), whose checkpoint of step 20 is damaged; "
                    + "there are 20, 10"
            ])
    }

    /// What may be wrong, and the words for it.
    private static let wrong: [(start: JSON, fault: String)] = [
        (
            ["job": .string(job), "step": 15],
            "/warm_start_from/step: must be that of a checkpoint of job \(job), which has none of step 15; there are 20, 10"
        ),
        (["job": "nobody"], "/warm_start_from/job: must be the id of a job that has a checkpoint, not \"nobody\""),
        (["job": "../x"], "/warm_start_from/job: must be the id of a job that has a checkpoint, not \"../x\""),
        (["job": "", "step": 1], "/warm_start_from/job: must be the id of a job that has a checkpoint, not \"\""),
        (["job": 7], "/warm_start_from/job: must be a string, not 7"),
        (
            ["job": .string(job), "path": "x"],
            "/warm_start_from/path: can't be given together with job: give one of them"
        ),
        ([:], "/warm_start_from/path: is required"),
        (
            ["path": "x", "step": 3],
            "/warm_start_from/step: means a checkpoint of a job, and a file has none: leave it out, or give job"
        ),
    ]

    @Test(arguments: wrong.indices) func faults(_ index: Int) {
        #expect(read(Self.wrong[index].start).faults.first == Self.wrong[index].fault)
    }

    /// The shapes are looked at when the job is submitted.
    @Test func shapes() {
        let found = read(["job": .string(Self.job)], model: [["Dense": ["units": 4, "input_shape": [2]]]]).faults
        #expect(
            found.contains { $0.contains("/warm_start_from/job: ") && $0.contains("as float32 [2, 3], but the model") })
    }
}
