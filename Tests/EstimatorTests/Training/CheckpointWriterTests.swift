import Estimator
import Synchronization
import Testing

/// Checkpoints that are written while training goes on.
@Suite struct CheckpointWriterTests {
    /// Looks at the disk when it is told of a checkpoint.
    private final class Looking: TrainingObserver {
        private let store: CheckpointStore
        private let state = Mutex<[String]>([])

        init(_ folder: TemporaryFolder) { store = CheckpointStore(modelDirectory: folder.path) }

        var seen: [String] { state.withLock { $0 } }

        func checkpointWritten(_ record: CheckpointRecord) {
            let isGood = (try? store.checkpoint(at: record.step)) != nil
            state.withLock { $0.append("\(isGood ? "written" : "announced") \(record.step)") }
        }

        func checkpointRemoved(step: Int) {
            let isThere = (try? store.steps().contains(step)) == true
            state.withLock { $0.append("\(isThere ? "doomed" : "removed") \(step)") }
        }
    }

    /// Each is on the disk when it is told of, in order, and the old one is gone after that.
    @Test func toldWhenItIsThere() throws {
        let folder = try TemporaryFolder()
        let looking = Looking(folder)
        try SmallModel(iterations: 2, saveSteps: 2, keepMax: 2).estimator(folder, looking)
            .train(input: SmallModel.array(), steps: 8)
        #expect(
            looking.seen == ["written 2", "written 4", "written 6", "removed 2", "written 8", "removed 4"])
    }

    /// One that fails ends training when the next is due, or at the end, and is not told of.
    @Test(arguments: [(20, [2, 4]), (3, [2, 3]), (2, [2])] as [(Int, [Int])])
    func failing(maxSteps: Int, steps: [Int]) throws {
        let folder = try TemporaryFolder()
        let record = Record()
        var model = SmallModel(iterations: 2, saveSteps: 2)
        model.files = FailingFiles(effects: 0, code: 22)
        #expect(throws: TrainingError.checkpointFailed(detail: "mkdir checkpoints: Invalid argument")) {
            try model.estimator(folder, record).train(input: SmallModel.array(), maxSteps: maxSteps)
        }
        #expect(record.seen.progress.map(\.globalStep) == steps)
        #expect(record.seen.checkpoints.isEmpty)
    }

    /// Where training fails while one is being written, that one is finished first.
    @Test func whatWasBegunIsFinished() throws {
        let folder = try TemporaryFolder()
        let input = SmallModel.array { if $0 == 2 { throw TestFailure("row 32") } }
        let record = Record()
        #expect(throws: TrainingError.inputFailed(detail: "row 32")) {
            try SmallModel(iterations: 2, saveSteps: 2).estimator(folder, record).train(input: input, steps: 9)
        }
        #expect(record.seen.checkpoints.map(\.step) == [2])
        #expect(try folder.names("checkpoints") == ["2"])
    }
}
