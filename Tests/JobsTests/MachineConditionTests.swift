import Jobs
import Testing

@Suite struct MachineConditionTests {
    @Test func theWaitDoublesUpToAMinute() {
        let waits = (-1...9).map { MachineCondition.backoffSeconds(after: $0) }
        #expect(waits == [1, 1, 1, 2, 4, 8, 16, 32, 60, 60, 60])
        #expect(MachineCondition.backoffSeconds(after: .min) == 1)
        #expect(MachineCondition.backoffSeconds(after: .max) == MachineCondition.longestBackoffSeconds)
    }

    /// An attempt's `error.code` is either a condition or an outcome; one word for both could not be told apart.
    @Test func itsWordsAreNoOutcomes() {
        #expect(MachineCondition.allCases.map(\.rawValue) == ["DISK_FULL", "IO_ERROR", "RESOURCES"])
        for condition in MachineCondition.allCases { #expect(AttemptOutcome(rawValue: condition.rawValue) == nil) }
    }
}
