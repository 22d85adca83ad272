import Foundation
import GRDB
import Jobs
import Store
import Synchronization
import Testing

/// A row that can't be read (written past the code, as a broken disk would) never spoils what is about others.
@Suite struct UnreadableRowsTests {
    /// Of what is about one job, what can't be read is left out, too.
    private func rowsOfItsOwnAreLeftOut(_ fixture: TestStore, _ job: JobID) async throws {
        let events = try await fixture.store.events(of: job).events
        #expect(events.count >= 2)
        let queue = try DatabaseQueue(path: fixture.folder + "/" + JobStore.fileName)
        try await queue.write { db in
            try db.execute(sql: "INSERT INTO states(word, is_final, holds_resources) VALUES ('FLYING', 0, 0)")
            try db.execute(sql: "UPDATE attempts SET placement = 'x' WHERE job_id = ?", arguments: [job.description])
            try db.execute(sql: "DROP TRIGGER events_kept")
            try db.execute(
                sql: "UPDATE events SET to_state = 'FLYING' WHERE seq = ?", arguments: [events[0].seq])
        }
        try queue.close()
        #expect(try await fixture.store.attempts(of: job).isEmpty)
        #expect(try await fixture.store.events(of: job).events == Array(events[1...]))
        let page = try await fixture.store.events(of: job, limit: 1)
        #expect(page.events.isEmpty && page.next == events[0].seq, "pages go on behind it")
    }

    @Test func listsPassesAndTheQueueLeaveItOutAndItsOwnAnswerNamesIt() async throws {
        let fixture = try TestStore()
        let good = try await fixture.job(1, in: .queued)
        let bad = try await fixture.job(2, in: .queued)
        let running = try await fixture.job(3, in: .running)
        let other = try await fixture.job(4, in: .starting)
        let queue = try DatabaseQueue(path: fixture.folder + "/" + JobStore.fileName)
        try await queue.write { db in
            // A word that no version knows, behind the back of the foreign keys.
            try db.execute(sql: "INSERT INTO modes(word) VALUES ('fly')")
            try db.execute(sql: "UPDATE jobs SET mode = 'fly' WHERE id = ?", arguments: [bad.id.description])
            try db.execute(
                sql: "UPDATE jobs SET placement = 'x' WHERE id = ?", arguments: [running.id.description])
        }
        try queue.close()
        let store = fixture.store
        let page = try await store.list(limit: 10)
        #expect(page.jobs.map(\.id) == [other.id, good.id])
        #expect(page.unreadable == [running.id.description, bad.id.description])
        #expect(try await store.list(limit: 1, after: other.id).next == running.id, "pages go on behind it")
        let front = try await store.queueFront(workers: 4, pod: Pod(hosts: 1, coresPerHost: 8))
        #expect(front.holding.map(\.id) == [other.id])
        #expect(front.unreadable == [running.id.description, bad.id.description])
        #expect(front.ready.map(\.id) == [good.id], "what can't be read can't be started, and holds nobody back")
        #expect(try await store.queue(limit: 10).jobs.map(\.id) == [good.id, bad.id])
        try await rowsOfItsOwnAreLeftOut(fixture, other.id)
        do throws(StoreError) {
            _ = try await store.job(bad.id)
            Issue.record("a job whose row can't be read is an error")
        } catch {
            guard case .damagedJob(bad.id, _) = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    /// The owner is told of a row once, however often it is read.
    @Test func aRowIsToldOnce() async throws {
        let notices = Mutex<[StoreNotice]>([])
        let folder = NSTemporaryDirectory() + "tpud-unreadable-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try JobStore(folder: folder, tell: { notice in notices.withLock { $0.append(notice) } })
        let job = TestStore.job(1)
        _ = try await store.submit(job)
        try await store.beginAttempt(
            AttemptStart(job: job.id, version: 1, placement: TestStore.placement, startStep: 0, at: TestStore.time(2)))
        let queue = try DatabaseQueue(path: folder + "/" + JobStore.fileName)
        try await queue.write { try $0.execute(sql: "UPDATE attempts SET placement = 'x'") }
        try queue.close()
        for _ in 0..<3 { #expect(try await store.attempts(of: job.id).isEmpty) }
        let told = notices.withLock { $0 }
        #expect(told.count == 1)
        guard case .unreadableRow("attempts", job.id.description, let detail) = told.first else {
            Issue.record("\(told)")
            return
        }
        #expect(detail.contains("column placement holds x"), "\(detail)")
        try store.close()
    }
}
