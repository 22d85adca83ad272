import Jobs
import Store
import Testing
import TestSupport

@Suite struct StateCountsTests {
    /// What is counted once and kept up to date is what the rows say, whatever moved, came, went or was refused.
    @Test(arguments: UInt64(0)..<4)
    func theCountsAreThoseOfTheRows(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let fixture = try TestStore()
        var store = fixture.store
        for number in 0..<80 {
            switch generator.below(6) {
            case 0, 1: _ = try await store.submit(TestStore.job(number))
            case 2:
                var bad = TestStore.job(number)
                bad.spec = "{"
                await #expect(throws: StoreError.self) { try await store.submit(bad) }
            case 3 where generator.below(6) == 0:
                try store.close()
                store = try JobStore(folder: fixture.folder)
            default:
                let jobs = try await store.list(limit: 1000).jobs
                guard let job = jobs.randomElement(using: &generator) else { continue }
                if job.state.isFinal {
                    try await store.delete(job.id)
                } else if job.state == .queued, generator.below(2) == 0 {
                    try await store.beginAttempt(
                        AttemptStart(
                            job: job.id, version: job.version, placement: TestStore.placement, startStep: 0,
                            at: TestStore.time(number)))
                } else if let to = TransitionTable.successors(of: job.state).randomElement(using: &generator) {
                    // Many of these are refused, as an attempt is live or the move lacks something.
                    _ = try? await store.transition(
                        StateChange(
                            job: job.id, version: job.version, move: JobMachine.Move(to: to, intent: .kill),
                            at: TestStore.time(number)))
                }
            }
            let rows = Dictionary(grouping: try await store.list(limit: 1000).jobs, by: \.state).mapValues(\.count)
            #expect(try await store.counts() == rows, "seed \(seed), step \(number)")
        }
        try store.close()
    }

    /// QUEUED and RETRY_WAIT are what the queue's limit counts.
    @Test func whoWaitsOutABackoffWaits() async throws {
        let fixture = try TestStore()
        for (number, state) in JobState.allCases.enumerated() { try await fixture.job(number * 10, in: state) }
        let full = try await fixture.store.submit(TestStore.job(500), queueLimit: 2)
        #expect(full == .queueFull(waiting: 2))
        guard case .created = try await fixture.store.submit(TestStore.job(501), queueLimit: 3) else {
            Issue.record("there is room for one more")
            return
        }
    }
}
