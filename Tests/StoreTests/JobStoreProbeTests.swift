import Jobs
import Store
import Testing

@Suite struct JobStoreProbeTests {
    @Test func aProbeSaysWhetherACommitWorks() async throws {
        let gate = StoreGate()
        let fixture = try TestStore { step throws(StoreError) in try gate.pass(step) }
        gate.fail(at: .commit)
        await #expect(throws: StoreError.injected(.commit)) { try await fixture.store.probe() }
        #expect(fixture.store.figures.failure == .injected(.commit))
        gate.fail(at: nil)
        try await fixture.store.probe()
        #expect(fixture.store.figures.failure == nil)
    }
}
