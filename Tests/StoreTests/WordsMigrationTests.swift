import Foundation
import GRDB
import Jobs
import TestSupport
import Store
import Testing

/// A database that the first landing wrote, with jobs in several states, opens and keeps them
/// (`Tests/Fixtures/first-landing`: a backup that its daemon made while a job ran).
@Suite struct WordsMigrationTests {
    /// A store on a copy of the fixture.
    private static func open(fault: StoreFault? = nil) throws -> TestStore {
        let folder = NSTemporaryDirectory() + "tpud-first-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let file = ProjectFiles.root.appending(path: "Tests/Fixtures/first-landing/tpud.sqlite").path
        try FileManager.default.copyItem(atPath: file, toPath: folder + "/" + JobStore.fileName)
        return try TestStore(in: folder, fault: fault)
    }

    @Test func itOpensWithItsJobs() async throws {
        let fixture = try Self.open()
        let store = fixture.store
        let jobs = try await store.list(limit: 100, withSpec: true)
        #expect(jobs.unreadable.isEmpty)
        #expect(
            Set(jobs.jobs.map { "\($0.name): \($0.state.rawValue)" }) == [
                "a job that succeeded: SUCCEEDED", "a job that was cancelled: CANCELLED",
                "a job with a loss of NaN: FAILED", "a job that runs: RUNNING", "a job that waits: QUEUED",
                "a job that is paused: QUEUED",
            ])
        #expect(jobs.jobs.allSatisfy { $0.spec?.isEmpty == false })
        let succeeded = try #require(jobs.jobs.first { $0.state == .succeeded })
        #expect(succeeded.labels == ["team": "vision"])
        #expect(succeeded.latestCheckpoint?.step == 600)
        let attempt = try #require(try await store.attempts(of: succeeded.id).first)
        #expect(attempt.cores == 8)
        #expect(attempt.placement?.hosts.map(\.cores.count) == [8])
        #expect(attempt.secondsRun > 0)
        #expect(try await store.checkpoints(of: succeeded.id).allSatisfy { $0.state == .good })
        let checkpoint = try #require(try await store.events(of: succeeded.id).events.first { $0.type == "CHECKPOINT" })
        #expect(checkpoint.data.hasPrefix("{\"step\":200,"), "\(checkpoint.data)")
        let last = try #require(try await store.events().events.last)
        #expect(try await store.metrics(of: succeeded.id)["loss"]?.isEmpty == false)

        // What was under way goes on, and new jobs go after the old ones.
        #expect(try await store.recover(at: TestStore.time(1)).map(\.to) == [.queued])
        #expect(try await store.queue(limit: 10).jobs.map(\.priority) == [3, 0, 0])
        #expect(try await store.events(after: last.seq).events.map(\.seq) == [last.seq + 1])
        #expect(try await store.counts() == [.succeeded: 1, .cancelled: 1, .failed: 1, .queued: 3])
    }

    @Test func itIsAsANewOneThen() async throws {
        let fixture = try Self.open()
        try fixture.store.close()
        // Opened once more, as the second opening must find nothing to do.
        try JobStore(folder: fixture.folder).close()
        let fresh = try TestStore()
        try fresh.store.close()
        func schema(_ folder: String) throws -> [String] {
            try DatabaseQueue(path: folder + "/" + JobStore.fileName).read { db in
                #expect(try Int.fetchOne(db, sql: "PRAGMA auto_vacuum") == 2)
                #expect(try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").isEmpty)
                return try String.fetchAll(
                    db, sql: "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name")
            }
        }
        #expect(try schema(fixture.folder) == schema(fresh.folder))
    }
}
