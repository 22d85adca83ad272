import Foundation
import GRDB
import Jobs
import Store
import Testing

/// A database that is not the folder's own is refused with the way out; only the operator's hand on the marker changes
/// that.
@Suite struct StateMarkerTests {
    private static func refusal(_ folder: String) -> LostDatabase? {
        do throws(StoreError) {
            try JobStore(folder: folder).close()
            return nil
        } catch {
            guard case .lostDatabase(let how) = error else { return nil }
            return how
        }
    }

    private static func copy(_ name: String, from: String, to: String) throws {
        try? FileManager.default.removeItem(atPath: to + "/" + name)
        try FileManager.default.copyItem(atPath: from + "/" + name, toPath: to + "/" + name)
    }

    @Test func aMissingOrEmptyDatabaseIsRefusedAndNothingIsMade() async throws {
        let fixture = try TestStore()
        try fixture.store.close()
        let file = fixture.folder + "/" + JobStore.fileName
        for path in [file, file + "-wal", file + "-shm"] { try? FileManager.default.removeItem(atPath: path) }
        #expect(Self.refusal(fixture.folder) == .missing)
        #expect(!FileManager.default.fileExists(atPath: file))
        #expect(FileManager.default.createFile(atPath: file, contents: nil))
        #expect(Self.refusal(fixture.folder) == .empty)
        #expect(StoreError.lostDatabase(.missing).description.contains("remove the file \"marker\""))
        try FileManager.default.removeItem(atPath: fixture.folder + "/marker")
        #expect(Self.refusal(fixture.folder) == nil)
    }

    @Test func anOlderOrAnotherDatabaseIsRefused() async throws {
        let fixture = try TestStore()
        try fixture.store.close()
        let old = NSTemporaryDirectory() + "tpud-old-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: old) }
        try FileManager.default.createDirectory(atPath: old, withIntermediateDirectories: true)
        try Self.copy(JobStore.fileName, from: fixture.folder, to: old)
        for number in 0..<3 {
            let store = try JobStore(folder: fixture.folder)
            _ = try await store.submit(TestStore.job(number))
            try store.close()
        }
        try Self.copy(JobStore.fileName, from: old, to: fixture.folder)
        // One opening and one clean end for the first daemon, and three more of both.
        #expect(Self.refusal(fixture.folder) == .older(generation: 2, marker: 8))
        let other = try TestStore()
        try other.store.close()
        try Self.copy(JobStore.fileName, from: other.folder, to: fixture.folder)
        #expect(Self.refusal(fixture.folder) == .another)
        try Data("nonsense".utf8).write(to: URL(filePath: fixture.folder + "/marker"))
        #expect(Self.refusal(fixture.folder) == .unreadableMarker)
        try FileManager.default.removeItem(atPath: fixture.folder + "/marker")
        #expect(Self.refusal(fixture.folder) == nil)
    }

    /// An end between the database's commit and the marker leaves the database newer, which is right.
    @Test(arguments: [StoreStep.marker, .clean])
    func anEndBeforeTheMarkerIsWrittenLosesNothing(step: StoreStep) async throws {
        let fixture = try TestStore()
        let job = try await fixture.job(1, in: .running)
        try fixture.store.close()
        do {
            try JobStore(folder: fixture.folder) { at throws(StoreError) in
                if at == step { throw .injected(at) }
            }.close()
        } catch { #expect(error == .injected(.marker)) }
        let again = try JobStore(folder: fixture.folder)
        #expect(try await again.job(job.id) == job)
        try again.close()
    }
}
