import Daemon
import Estimator
import Foundation
import Jobs
import Logging
import Reactor
import Store
import Synchronization
import Testing

/// Rows of a real store and files of a real folder, held together.
@Suite struct CheckpointCustodyTests {
    private static let now = Timestamp(microseconds: 1_700_000_000_000_000)

    private struct Test {
        var store: JobStore
        var custody: CheckpointCustody
        var job: JobID
        var folder: CheckpointFolder
        /// The jobs that were announced.
        var announced: @Sendable () -> Int

        func record() async throws -> JobRecord { try #require(try await store.job(job)) }

        func steps() async throws -> [Int] { try await store.checkpoints(of: job).map(\.step) }

        /// A checkpoint as a worker writes it.
        func write(_ step: Int, reason: CheckpointReason = .interval) throws {
            _ = try CheckpointStore(modelDirectory: "\(store.path)/jobs/a").save(
                Checkpoint(
                    step: step, variables: [], slots: [],
                    state: SavedState(globalStep: step, consumedBatches: step, seed: 1)), reason: reason)
        }

        /// Turns a bit of a file, under another stamp.
        func spoil(_ file: String, step: Int) throws {
            let path = URL(filePath: folder.path(of: file, step: step))
            var bytes = try Data(contentsOf: path)
            bytes[bytes.count / 2] ^= 1
            try bytes.write(to: path, options: .atomic)
        }
    }

    /// A job that runs and keeps so many checkpoints.
    private func withJob(keep: Int = 5, _ body: (Test) async throws -> Void) async throws {
        let path = NSTemporaryDirectory() + "tpud-custody-\(UUID())"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let store = try JobStore(folder: path)
        let id = JobID(milliseconds: 1, random: (1, 2))
        var job = NewJob(
            id: id, name: "a", mode: .train, owner: "o", modelDir: "jobs/a", createdAt: Self.now, spec: "{}")
        job.keepCheckpointMax = keep
        _ = try await store.submit(job)
        let begun = try await store.beginAttempt(
            AttemptStart(job: id, version: 1, placement: .cpu, startStep: 0, at: Self.now))
        try await store.transition(
            StateChange(job: id, version: begun.version, move: .init(to: .running), at: Self.now))
        try FileManager.default.createDirectory(atPath: path + "/jobs/a", withIntermediateDirectories: true)
        let count = AnnouncementCount()
        let custody = CheckpointCustody(
            store: store, clock: DaemonClock(monotonic: SystemClock(), bootID: "", wall: { Self.now }),
            log: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }), announce: { _ in count.add() })
        try await body(
            Test(
                store: store, custody: custody, job: id, folder: CheckpointFolder(modelDirectory: path + "/jobs/a"),
                announced: { count.value }))
        try store.close()
    }

    private final class AnnouncementCount: Sendable {
        private let count = Mutex(0)
        func add() { count.withLock { $0 += 1 } }
        var value: Int { count.withLock { $0 } }
    }

    @Test func whatAWorkerCouldNotTellIsRecorded() async throws {
        try await withJob { test in
            try test.write(10)
            try test.write(20)
            await test.custody.reconcile(try await test.record())
            #expect(try await test.steps() == [20, 10])
            #expect(test.announced() == 1)
            let newest = try #require(try await test.store.checkpoints(of: test.job).first)
            #expect(Set(newest.files) == test.folder.complete(20).map { Set($0.files) })
            #expect(newest.keptBecause == "INTERVAL")
            // All agrees now.
            await test.custody.reconcile(try await test.record())
            #expect(test.announced() == 1)
        }
    }

    @Test func whatIsNotInTheFolderIsForgottenAndHalfOfOneIsDamaged() async throws {
        try await withJob { test in
            for step in [10, 20, 30] { try test.write(step) }
            await test.custody.reconcile(try await test.record())
            try test.folder.remove(10)
            try FileManager.default.removeItem(atPath: test.folder.path(of: "model.safetensors", step: 20))
            await test.custody.reconcile(try await test.record())
            let left = try await test.store.checkpoints(of: test.job)
            #expect(left.map(\.step) == [30, 20])
            #expect(left.map(\.state) == [.good, .damaged])
        }
    }

    @Test func whatIsBeyondTheLimitGoesFromBoth() async throws {
        try await withJob(keep: 2) { test in
            for step in [10, 20, 30, 40] { try test.write(step) }
            await test.custody.reconcile(try await test.record())
            #expect(try await test.steps() == [40, 30])
            #expect(try test.folder.steps() == [30, 40])
            #expect(try await test.store.deletingCheckpoints().isEmpty)
            #expect(try await test.record().latestCheckpoint?.step == 40)
        }
    }

    /// One that was written only to stop is of no use once a newer one is there.
    @Test func whatWasWrittenToStopGoesWithTheNextOne() async throws {
        try await withJob { test in
            try test.write(10, reason: .stop)
            await test.custody.reconcile(try await test.record())
            #expect(try await test.steps() == [10])
            try test.write(20)
            await test.custody.reconcile(try await test.record())
            #expect(try await test.steps() == [20])
            #expect(try test.folder.steps() == [20])
        }
    }

    @Test func aDeletionThatWasCutShortIsEnded() async throws {
        try await withJob { test in
            for step in [10, 20] { try test.write(step) }
            await test.custody.reconcile(try await test.record())
            try await test.store.beginDeletingCheckpoints([10], of: test.job)
            await test.custody.reconcileAll()
            #expect(try test.folder.steps() == [20])
            #expect(try await test.store.deletingCheckpoints().isEmpty)
            #expect(try await test.steps() == [20])
        }
    }

    /// Each file with a bit turned, after it was found good once: a change is seen.
    @Test(arguments: ["model.safetensors", "manifest.json"])
    func whatIsNotAsRecordedIsNeverServed(file: String) async throws {
        try await withJob { test in
            try test.write(10)
            await test.custody.reconcile(try await test.record())
            let checkpoint = try #require(try await test.store.checkpoints(of: test.job).first)
            for _ in 0..<2 {
                #expect(try await test.custody.verify(checkpoint, of: test.record()) == .good)
            }
            try test.spoil(file, step: 10)
            #expect(try await test.custody.verify(checkpoint, of: test.record()) == .damaged)
            let now = try #require(try await test.store.checkpoints(of: test.job).first)
            #expect(now.state == .damaged)
            #expect(try await test.custody.verify(now, of: test.record()) == .damaged)
            #expect(try await test.store.events(of: test.job).events.last?.type == "CHECKPOINT_DAMAGED")
            #expect(try await test.record().latestCheckpoint == nil)
        }
    }

    @Test func whatWentForNewerOnesIsGoneAndNotDamaged() async throws {
        try await withJob { test in
            try test.write(10)
            await test.custody.reconcile(try await test.record())
            let checkpoint = try #require(try await test.store.checkpoints(of: test.job).first)
            try await test.store.beginDeletingCheckpoints([10], of: test.job)
            try test.folder.remove(10)
            #expect(try await test.custody.verify(checkpoint, of: test.record()) == .gone)
            #expect(try await test.store.events(of: test.job).events.last?.type == "CHECKPOINT")
        }
    }
}
