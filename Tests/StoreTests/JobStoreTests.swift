import Foundation
import GRDB
import Jobs
import Store
import Synchronization
import Testing

@Suite struct StoreTests {
    @Test func aReadSeesEveryCommitThatWasAnsweredBefore() async throws {
        let fixture = try TestStore()
        for number in 0..<50 {
            _ = try await fixture.store.submit(TestStore.job(number))
            #expect(try await fixture.store.job(TestStore.job(number).id) != nil)
        }
    }

    @Test func theDatabaseIsALogOfWritesAndLeavesNoneBehind() throws {
        let fixture = try TestStore()
        let file = fixture.folder + "/" + JobStore.fileName
        #expect(FileManager.default.fileExists(atPath: file + "-wal"))
        try fixture.store.close()
        #expect(!FileManager.default.fileExists(atPath: file + "-wal"))
        let mode = try DatabaseQueue(path: file).read { db in try String.fetchOne(db, sql: "PRAGMA journal_mode") }
        #expect(mode == "wal")
    }

    @Test func whatIsClosedTakesNoMore() async throws {
        let fixture = try TestStore()
        try fixture.store.close()
        await #expect(throws: StoreError.closed) { try await fixture.store.probe() }
        #expect(fixture.store.waitingWrites == 0)
    }

    /// The owner of a thread is told before it works, on every read and every drain of the writer.
    @Test func eachReadAndWriteTellsItsThread() async throws {
        let folder = NSTemporaryDirectory() + "tpud-threads-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let calls = Mutex(0)
        let store = try JobStore(folder: folder, onThread: { calls.withLock { $0 += 1 } })
        #expect(calls.withLock { $0 } == 0)
        try await store.probe()
        let afterWrite = calls.withLock { $0 }
        #expect(afterWrite >= 1)
        _ = try await store.newestJobID()
        #expect(calls.withLock { $0 } == afterWrite + 1)
        try store.close()
    }
}
