import Daemon
import Jobs
import Testing

@Suite struct CheckpointReconciliationTests {
    private func plan(
        _ recorded: String, deleting: [Int] = [], folders: [Int], complete: [Int]
    ) -> CheckpointReconciliation {
        CheckpointReconciliation(
            recorded: CheckpointRetentionTests.records(recorded), deleting: deleting, folders: folders,
            complete: Dictionary(uniqueKeysWithValues: complete.map { ($0, found($0)) }))
    }

    private func found(_ step: Int) -> CheckpointFolder.Found {
        CheckpointFolder.Found(step: step, keptBecause: "INTERVAL", files: [])
    }

    @Test func agreesAlready() {
        #expect(plan("", folders: [], complete: []).isEmpty)
        #expect(plan("10 20", folders: [20, 10], complete: [10, 20]).isEmpty)
        #expect(plan("10 20D", folders: [20, 10], complete: [10]).isEmpty)
    }

    @Test func eachDifference() {
        #expect(plan("10 20", folders: [20], complete: [20]).forgotten == [10])
        #expect(plan("10 20D", folders: [], complete: []).forgotten == [10, 20])
        #expect(plan("10 20", folders: [10, 20], complete: [20]).damaged == [10])
        #expect(plan("10", folders: [30, 20, 10], complete: [10, 20, 30]).found == [found(20), found(30)])
        // What a removal that was cut short has left.
        #expect(plan("10", folders: [10, 20], complete: [10]).removed == [20])
        // A deletion that has begun is ended, whatever is left of the folder.
        let cut = plan("30", deleting: [10, 20], folders: [20, 30], complete: [20, 30])
        #expect(cut.removed == [10, 20] && cut.found.isEmpty && cut.forgotten.isEmpty)
    }
}
