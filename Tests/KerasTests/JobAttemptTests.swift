import Datasets
import Estimator
import Executor
import Formats
import Keras
import OrderedCollections
import Testing

@Suite struct JobAttemptTests {
    /// The folders of one attempt, with its lock.
    private struct Folders {
        let data: TemporaryDirectory
        let model: TemporaryDirectory
        let lock: ModelDirectoryLock

        init() throws {
            data = try TemporaryDirectory()
            model = try TemporaryDirectory()
            lock = try #require(try ModelDirectoryLock(modelDirectory: model.path))
        }

        func attempt(_ spec: JSON, roots: [String]? = nil) throws -> JobAttempt {
            try JobAttempt(
                spec: spec, modelDirectory: model.path, lock: lock, dataRoots: roots ?? [data.path],
                execution: ExecutionOptions(), observer: Recorder())
        }
    }

    private static func csv(_ path: String) -> JSON {
        SmallJob.training(["csv": ["path": JSON(path), "label": "label"]]).spec
    }

    @Test func whatTheJobHasIsOpened() throws {
        let folders = try Folders()
        let both = try folders.attempt(SmallJob().spec)
        #expect(both.training != nil)
        #expect(both.evaluation != nil && both.evaluation?.steps == nil && both.evaluation?.everySteps == nil)
        #expect(both.notFiniteData() == nil)

        var spec = SmallJob().spec
        spec["evaluate"]?["input"]?["batch_size"] = 4
        spec["evaluate"]?["steps"] = 2
        spec["evaluate"]?["every_steps"] = 3
        let counted = try folders.attempt(spec)
        #expect(counted.evaluation?.steps == 2 && counted.evaluation?.everySteps == 3)

        let alone = try folders.attempt(SmallJob.training(SmallJob.input["source"] ?? nil).spec)
        #expect(alone.training != nil && alone.evaluation == nil)
    }

    @Test func aSpecificationAtFaultIsTold() throws {
        var spec = SmallJob().spec
        spec["loss"] = "mes"
        spec["train_batch_size"] = 0
        let error = #expect(throws: JobAttemptError.self) { try Folders().attempt(spec) }
        #expect(
            error?.description.hasPrefix(
                "/train_batch_size must be a whole number from 1 to 2147483647, not 0; /loss \"mes\" is not a known loss"
            )
                == true, "\(String(describing: error))")
    }

    /// The look at a CSV file reaches ten thousand rows; what lies behind them is found when it is opened.
    @Test func dataThatCantBeReadIsToldInItsWords() throws {
        let folders = try Folders()
        let rows = String(repeating: "1,2,0\n", count: 10_001)
        try folders.data.write("late.csv", Array("a,b,label\n\(rows)1,x,0\n".utf8))
        let error = #expect(throws: JobAttemptError.self) { try folders.attempt(Self.csv("late.csv")) }
        #expect(
            error?.description.contains("late.csv") == true && error?.description.contains("10003") == true,
            "\(String(describing: error))")
    }

    /// A label past the classes of the model, behind what the look reaches.
    @Test func labelsAreHeldAgainstTheClassesToTheEnd() throws {
        let folders = try Folders()
        let rows = String(repeating: "1,2,0\n", count: 10_001)
        try folders.data.write("late.csv", Array("a,b,label\n\(rows)1,1,3\n".utf8))
        let error = #expect(throws: JobAttemptError.self) { try folders.attempt(Self.csv("late.csv")) }
        #expect(
            error?.description
                == "the label of row 10002 (line 10003) of late.csv is 3, but there are 3 classes (0 to 2), as many as the "
                + "numbers of the model's output")
    }

    /// A disk that fails is not the job's fault: reading a process's memory at 0 gives EIO.
    @Test func aMachineThatFailsIsNotTheJobsFault() throws {
        #expect {
            try Folders().attempt(Self.csv("mem"), roots: ["/proc/self"])
        } throws: { error in
            guard case .machineFailed(let fault)? = error as? TrainingError else { return false }
            return fault.kind == .inputOutput
        }
    }

    /// What the system refuses for another reason is told of the job, and hides no failure of the machine.
    @Test func aWrongNameHidesNoFailingMachine() throws {
        var spec = Self.csv(String(repeating: "x", count: 300))
        #expect(throws: JobAttemptError.self) { try Folders().attempt(spec, roots: ["/proc/self"]) }
        spec["mode"] = "train_and_evaluate"
        spec["evaluate"] = ["input": ["source": ["csv": ["path": "mem", "label": "label"]]]]
        let error = #expect(throws: TrainingError.self) { try Folders().attempt(spec, roots: ["/proc/self"]) }
        guard case .machineFailed(let fault)? = error else { Issue.record("\(String(describing: error))"); return }
        #expect(fault.kind == .inputOutput)
    }

    /// The number that made a loss infinite is looked for in the training's data, then in the evaluation's.
    @Test func whatIsNotFiniteIsFound() throws {
        let folders = try Folders()
        func write(_ name: String, _ last: Float) throws {
            let file = Safetensors(tensors: [
                "x": NDArray([1, 2, 3, last] as [Float], shape: [2, 2]), "y": NDArray([0, 1] as [Int32]),
            ])
            try folders.data.write(name, file.serialized())
        }
        func source(_ path: String) -> JSON {
            ["safetensors": ["path": JSON(path), "features": "x", "labels": "y"]]
        }
        try write("good.safetensors", 4)
        try write("bad.safetensors", .infinity)
        var spec = SmallJob().spec
        spec["train"]?["input"]?["source"] = source("good.safetensors")
        spec["evaluate"]?["input"]?["source"] = source("good.safetensors")
        let good = try folders.attempt(spec)
        #expect(good.notFiniteData() == nil)
        spec["evaluate"]?["input"]?["source"] = source("bad.safetensors")
        let bad = try folders.attempt(spec)
        let place = "row 2 of bad.safetensors holds infinity in \"x\" at [1]"
        #expect(bad.notFiniteData() == place)

        // It is told with a loss that is not finite, and with nothing else.
        let lost = TrainingError.notFinite(step: 3, variable: nil)
        let explained = NotFiniteData.explaining(lost, bad.notFiniteData)
        #expect((explained as? NotFiniteData)?.error == lost)
        #expect("\(explained)" == "the loss of step 3 is not finite; \(place)")
        #expect(NotFiniteData.explaining(lost, good.notFiniteData) as? TrainingError == lost)
        #expect(NotFiniteData.explaining(TrainingError.stopped, bad.notFiniteData) as? TrainingError == .stopped)
        let other = JobAttemptError.data("x")
        #expect("\(NotFiniteData.explaining(other, bad.notFiniteData))" == "x")
    }
}
