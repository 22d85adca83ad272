import Estimator
import Glibc
import Testing

@Suite struct TrainingErrorTests {
    private static let all: [TrainingError] = [
        .notFinite(step: 3, variable: "w"), .notFinite(step: 3, variable: nil),
        .inputExhausted(InputExhaustion(rows: 50, batchSize: 16, stepsDone: 3, stepsAsked: 10)),
        .inputFailed(detail: "row 1"), .modelDirectoryInUse, .noCheckpoint, .stopped, .variableMissing(name: "w"),
        .variableMismatch(name: "w", found: "float32 [1]", expected: "float32 [2]"),
        .checkpointMissing(step: 3, others: []), .checkpointMissing(step: 3, others: [5, 10]),
        .checkpointFailed(detail: "write f"), .modelFailed(detail: "no loss"), .hostCallFailed(detail: "no disk"),
        .executionFailed(detail: "too large"),
    ]

    @Test func eachHasItsOwnSentence() {
        let sentences = Self.all.map(\.description)
        #expect(Set(sentences).count == sentences.count)
        for sentence in sentences {
            #expect(sentence.last != "." && sentence.first?.isLowercase == true, "\(sentence)")
        }
    }

    @Test func sentencesHaveTheirNumbersAndNames() {
        #expect(Self.all[0].description == "variable w is not finite after step 3")
        #expect(Self.all[1].description == "the loss of step 3 is not finite")
        for part in ["50 rows", "3 steps of batch 16", "10 steps"] { #expect(Self.all[2].description.contains(part)) }
        for part in ["w", "float32 [1]", "float32 [2]"] { #expect(Self.all[8].description.contains(part)) }
        #expect(Self.all[10].description == "the model directory has no good checkpoint at step 3: it has 5, 10")
    }

    /// What the machine lacks is told apart from a file that is at fault.
    @Test func faultsOfCheckpoints() throws {
        let full = CheckpointFileError("write", "state.json", code: ENOSPC)
        let machine = try #require(MachineError(ENOSPC, while: "writing a checkpoint"))
        #expect(TrainingError(full, while: "writing a checkpoint") == .machineFailed(machine))
        let denied = CheckpointFileError("open", "state.json", code: EACCES)
        #expect(
            TrainingError(denied, while: "writing a checkpoint")
                == .checkpointFailed(detail: "open state.json: Permission denied"))
    }
}
