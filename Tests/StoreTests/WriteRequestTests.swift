import Jobs
import Store
import Testing

/// One request of a batch: what it undoes when it fails, and what it answers.
@Suite struct WriteRequestTests {
    @Test func oneThatFailsDoesNotFailTheOthers() async throws {
        let gate = StoreGate(holdsFirst: true)
        let fixture = try TestStore { step throws(StoreError) in try gate.pass(step) }
        var bad = TestStore.job(5)
        bad.spec = "{"
        var worse = TestStore.job(6)
        worse.labels = ["": "x"]
        let jobs = (0..<5).map { TestStore.job($0) } + [bad, worse] + (7..<10).map { TestStore.job($0) }
        let results = await gate.submitTogether(jobs, to: fixture.store)
        let failed = results.indices.filter { if case .failure = results[$0] { true } else { false } }
        #expect(failed == [5, 6])
        #expect(try await fixture.store.counts() == [.queued: 8])
        #expect(try await fixture.store.events().events.count == 8)
        #expect(try await fixture.store.job(worse.id) == nil)
    }

    @Test func oneThatFailsByItselfLeavesNothing() async throws {
        let fixture = try TestStore()
        var bad = TestStore.job(1)
        // The job's row is written before its labels are refused.
        bad.labels = ["": "x"]
        await #expect(throws: StoreError.self) { try await fixture.store.submit(bad) }
        #expect(try await fixture.store.job(bad.id) == nil)
        #expect(try await fixture.store.events().events.isEmpty)
        #expect(try await fixture.store.counts().isEmpty)
    }

    /// A batch that is not committed fails those that were right; one that was wrong by itself is told why.
    @Test func aBatchThatFailsIsToldToThoseThatWereRight() async throws {
        let gate = StoreGate(holdsFirst: true)
        let fixture = try TestStore { step throws(StoreError) in try gate.pass(step) }
        gate.fail(at: .commit)
        var bad = TestStore.job(2)
        bad.spec = "{"
        let results = await gate.submitTogether([TestStore.job(0), TestStore.job(1), bad], to: fixture.store)
        #expect(results[0] == .failure(.injected(.commit)))
        #expect(results[1] == .failure(.injected(.commit)))
        guard case .failure(.refused) = results[2] else {
            Issue.record("\(results[2])")
            return
        }
        gate.fail(at: nil)
        #expect(try await fixture.store.counts().isEmpty)
    }
}
