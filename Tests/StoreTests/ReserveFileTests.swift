import Foundation
import Glibc
import Jobs
import Store
import Synchronization
import Testing

@Suite struct ReserveFileTests {
    private static let whole = 4 << 20
    private static let part = whole / 8

    /// A store whose next commits fail with a full disk as often as is told.
    private final class Disk: Sendable {
        let folder = NSTemporaryDirectory() + "tpud-reserve-\(UUID().uuidString)"
        private let failures = Mutex(0)

        func fail(_ times: Int) { failures.withLock { $0 = times } }

        func open() throws -> JobStore {
            try JobStore(
                folder: folder,
                fault: { [self] step throws(StoreError) in
                    let fails = failures.withLock { left in
                        guard step == .commit, left > 0 else { return false }
                        left -= 1
                        return true
                    }
                    if fails { throw .diskFull }
                })
        }

        /// How many bytes of the disk the reserve takes; nil when there is none.
        var bytes: Int? {
            var state = stat()
            return stat(folder + "/reserve", &state) == 0 ? Int(state.st_size) : nil
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }
    }

    /// The first failure is that of the batch; each of the others costs a part.
    @Test(arguments: [(0, 8), (1, 8), (2, 7), (5, 4), (8, 1), (9, 0)])
    func asMuchIsGivenUpAsACommitNeeds(failures: Int, parts: Int) async throws {
        let disk = Disk()
        let store = try disk.open()
        #expect(disk.bytes == Self.whole)
        _ = try await store.submit(TestStore.job(1))
        disk.fail(failures)
        try await store.transition(
            StateChange(
                job: TestStore.job(1).id, version: 1, move: JobMachine.Move(to: .cancelled), at: TestStore.time(5)))
        #expect(disk.bytes == (parts == 0 ? nil : parts * Self.part))
        // There is room in truth: the next write finds the reserve whole again.
        try await store.probe()
        #expect(disk.bytes == Self.whole)
        try store.close()
    }

    @Test func withoutMoreToGiveUpTheDiskIsFull() async throws {
        let disk = Disk()
        let store = try disk.open()
        _ = try await store.submit(TestStore.job(1))
        disk.fail(10)
        await #expect(throws: StoreError.diskFull) {
            try await store.transition(
                StateChange(
                    job: TestStore.job(1).id, version: 1, move: JobMachine.Move(to: .cancelled), at: TestStore.time(5)))
        }
        #expect(disk.bytes == nil)
        #expect(try await store.job(TestStore.job(1).id)?.state == .queued)
        try store.close()
    }

    /// A file that only says that it is so long holds no room.
    @Test(arguments: [0, 1, 4 << 20]) func whatAnEarlierDaemonLeftIsMadeWhole(bytes: Int) throws {
        let disk = Disk()
        try disk.open().close()
        let file = disk.folder + "/reserve"
        try FileManager.default.removeItem(atPath: file)
        #expect(FileManager.default.createFile(atPath: file, contents: nil))
        #expect(truncate(file, off_t(bytes)) == 0)
        let store = try disk.open()
        var state = stat()
        #expect(stat(file, &state) == 0)
        #expect(Int(state.st_blocks) * 512 >= Self.whole)
        #expect(disk.bytes == Self.whole)
        #expect(!store.figures.isDiskFull)
        try store.close()
    }
}
