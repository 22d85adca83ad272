import Foundation
import Jobs
import Store
import Synchronization
import Testing

@Suite struct WALUpkeepTests {
    @Test func aCheckpointThatFailsIsToldOnce() async throws {
        let isBroken = Mutex(true)
        let notices = Mutex<[StoreNotice]>([])
        let folder = NSTemporaryDirectory() + "tpud-wal-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let failure = StoreError.ioError(code: 10, "disk I/O error")
        let store = try JobStore(
            folder: folder,
            fault: { step throws(StoreError) in
                if step == .checkpoint, isBroken.withLock({ $0 }) { throw failure }
            }, tell: { notice in notices.withLock { $0.append(notice) } })
        // One transaction that is larger than what the log may be before it is looked after.
        var large = TestStore.job(0)
        large.spec = "\"" + String(repeating: "x", count: 17 << 20) + "\""
        _ = try await store.submit(large)
        for _ in 0..<200 { try await store.probe() }
        #expect(notices.withLock { $0 } == [.checkpointFailed(failure)])
        #expect(store.figures.checkpointFailure == failure)
        #expect(store.figures.walBytes >= 16 << 20)
        isBroken.withLock { $0 = false }
        for _ in 0..<64 { try await store.probe() }
        #expect(notices.withLock { $0 } == [.checkpointFailed(failure), .checkpointsAgain])
        #expect(store.figures.checkpointFailure == nil)
        try store.close()
    }

    @Test func theSpaceOfADeletedJobGoesBackToTheFileSystem() async throws {
        let fixture = try TestStore()
        var large = TestStore.job(1)
        large.spec = "\"" + String(repeating: "x", count: 4 << 20) + "\""
        _ = try await fixture.store.submit(large)
        try await fixture.store.transition(
            StateChange(job: large.id, version: 1, move: JobMachine.Move(to: .cancelled), at: TestStore.time(5)))
        try await fixture.store.delete(large.id)
        for _ in 0..<64 * 8 { try await fixture.store.probe() }
        try fixture.store.close()
        let size =
            try FileManager.default.attributesOfItem(atPath: fixture.folder + "/" + JobStore.fileName)[.size] as? Int
        #expect(try #require(size) < 2 << 20)
    }
}
