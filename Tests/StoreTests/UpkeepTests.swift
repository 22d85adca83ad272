import Foundation
import Jobs
import Store
import Synchronization
import Testing

@Suite struct UpkeepTests {
    /// Fails every commit with a full disk as long as the folder's reserve is there, as a disk does that the reserve
    /// fills; collects what the store tells.
    final class Disk: Sendable {
        let folder = NSTemporaryDirectory() + "tpud-full-\(UUID().uuidString)"
        private let isFull = Mutex(false)
        private let notices = Mutex<[StoreNotice]>([])

        var told: [StoreNotice] { notices.withLock { $0 } }
        func fill(_ full: Bool = true) { isFull.withLock { $0 = full } }
        var reserve: String { folder + "/reserve" }

        func open() throws -> JobStore {
            try JobStore(
                folder: folder,
                fault: { [self] step throws(StoreError) in
                    guard step == .commit || step == .marker, isFull.withLock({ $0 }) else { return }
                    if FileManager.default.fileExists(atPath: reserve) { throw .diskFull }
                }, tell: { [self] notice in notices.withLock { $0.append(notice) } })
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }
    }

    @Test func whatMovesJobsIsStoredFromTheReserveAndTheRestIsRefused() async throws {
        let disk = Disk()
        let store = try disk.open()
        _ = try await store.submit(TestStore.job(1))
        #expect(try FileManager.default.attributesOfItem(atPath: disk.reserve)[.size] as? Int == 4 << 20)
        disk.fill()
        let id = TestStore.job(1).id
        await #expect(throws: StoreError.diskFull) { try await store.submit(TestStore.job(2)) }
        #expect(disk.told == [.diskFull])
        #expect(store.figures.failure == .diskFull)
        // The folder's disk really has room: so the reserve is made again, and given up again.
        let changed = try await store.transition(
            StateChange(job: id, version: 1, move: JobMachine.Move(to: .cancelled), at: TestStore.time(5)))
        #expect(changed.state == .cancelled)
        #expect(disk.told == [.diskFull, .roomAgain, .diskFull])
        #expect(store.figures.isDiskFull)
        #expect(store.figures.failure == nil)
        #expect(try await store.counts() == [.cancelled: 1])
        disk.fill(false)
        try await store.probe()
        #expect(disk.told.last == .roomAgain)
        #expect(!store.figures.isDiskFull)
        try store.close()
    }

    @Test func aDaemonOpensOnAFullDisk() async throws {
        let disk = Disk()
        let first = try disk.open()
        _ = try await first.submit(TestStore.job(1))
        try first.close()
        disk.fill()
        let second = try disk.open()
        #expect(try await second.job(TestStore.job(1).id) != nil)
        #expect(second.figures.isDiskFull)
        try second.close()
    }
}
