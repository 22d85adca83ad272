import Foundation
import Jobs
import Store
import Synchronization
import Testing

@Suite struct StoreFiguresTests {
    @Test func theAgeOfTheLastCommitAndOfTheOldestWaitingWriteAreTold() async throws {
        let now = Mutex<UInt64>(1_000_000_000)
        let gate = StoreGate(holdsFirst: true)
        let folder = NSTemporaryDirectory() + "tpud-health-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try JobStore(
            folder: folder, fault: { step throws(StoreError) in try gate.pass(step) },
            monotonic: { now.withLock { $0 } })
        now.withLock { $0 += 2_000_000_000 }
        #expect(store.figures.secondsSinceCommit == 2)
        #expect(store.figures.secondsWaiting == nil)
        async let submission = store.submit(TestStore.job(1))
        while gate.count(.begin) == 0 { await Task.yield() }
        now.withLock { $0 += 3_500_000_000 }
        #expect(store.figures.secondsWaiting == 3.5)
        #expect(store.figures.secondsSinceCommit == 5.5)
        gate.open()
        _ = try await submission
        #expect(store.figures.secondsSinceCommit == 0)
        try store.close()
    }
}
