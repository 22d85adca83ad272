import Daemon
import Foundation
import Jobs
import Store
import Synchronization
import TestSupport
import Testing

/// What is given out is what a read of the database that begins now would find.
@Suite(.timeLimit(.minutes(5))) struct KnownJobsTests {
    /// The versions that writers were answered.
    private final class Answered: Sendable {
        let versions: Mutex<[Int]>
        init(count: Int) { versions = Mutex(Array(repeating: 1, count: count)) }
    }

    /// How often something was known.
    private final class Hits: Sendable {
        let count = Atomic(0)
    }

    private let key = KnownPage.Key(JobFilter(), limit: 50)

    private func page(_ records: [JobRecord]) -> JobListPage {
        var page = JobListPage(jobs: records, next: nil)
        for (place, record) in records.enumerated() where record.state.isWaiting { page.positions[record.id] = place }
        return page
    }

    private func keep(_ records: [JobRecord], in known: KnownJobs, read stamp: KnownJobs.Stamp) {
        known.keep(KnownPage(known.jobs(of: page(records), read: stamp), next: nil), as: key, read: stamp)
    }

    @Test func aJobIsKnownUntilItChanges() {
        let known = KnownJobs()
        let record = KnownJobSamples.record(1, .succeeded)
        known.keep(KnownJob(record), position: nil, read: known.stamp)
        #expect(known.record(of: record.id)?.version == 1)
        #expect(known.placed(record.id)?.job.hasSpec == true)
        known.note(.begins([KnownJobSamples.id(2)]))
        #expect(known.record(of: record.id) != nil, "another one changes")
        known.note(.over)
        known.note(.begins([record.id]))
        #expect(known.record(of: record.id) == nil, "it is about to change")
        known.note(.over)
        #expect(known.record(of: record.id) == nil)
    }

    /// A read that any part of a commit came between may have seen what was before it.
    @Test func whatWasReadAcrossACommitIsNotKept() {
        let record = KnownJobSamples.record(1, .succeeded)
        let known = KnownJobs()
        let before = known.stamp
        known.note(.begins([]))
        let during = known.stamp
        known.keep(KnownJob(record), position: nil, read: during)
        keep([record], in: known, read: during)
        #expect(known.record(of: record.id) == nil && known.page(key) == nil)
        known.note(.over)
        for stamp in [before, during] {
            known.keep(KnownJob(record), position: nil, read: stamp)
            keep([record], in: known, read: stamp)
            #expect(known.record(of: record.id) == nil && known.page(key) == nil)
        }
        keep([record], in: known, read: known.stamp)
        #expect(known.record(of: record.id) != nil && known.page(key) != nil)
    }

    /// Its place hangs on the others, and so does a page.
    @Test func aPlaceInTheQueueHoldsUntilAnyJobChanges() {
        let known = KnownJobs()
        let (waiting, ended) = (KnownJobSamples.record(1), KnownJobSamples.record(2, .succeeded))
        known.keep(KnownJob(waiting), position: 4, read: known.stamp)
        keep([ended], in: known, read: known.stamp)
        #expect(known.placed(waiting.id)?.position == 4)
        known.note(.begins([KnownJobSamples.id(9)]))
        #expect(known.placed(waiting.id) == nil && known.page(key) == nil)
        #expect(known.placed(ended.id) != nil)
        known.note(.over)
        #expect(known.placed(waiting.id) == nil && known.page(key) == nil)
        #expect(known.record(of: waiting.id) != nil && known.placed(ended.id) != nil)
    }

    /// What was made of a job stays when a page of it is read again.
    @Test func aPageTakesTheJobsThatAreKnown() {
        let known = KnownJobs()
        let (one, two) = (KnownJobSamples.record(1, .succeeded), KnownJobSamples.record(2, .succeeded, spec: nil))
        let job = KnownJob(one)
        known.keep(job, position: nil, read: known.stamp)
        let jobs = known.jobs(of: page([one, two]), read: known.stamp)
        #expect(jobs[0].job === job && jobs[1].job.record.id == two.id)
        known.note(.begins([two.id]))
        #expect(known.jobs(of: page([one, two]), read: known.stamp)[0].job !== job, "nothing holds during a commit")
    }

    @Test func itIsBounded() {
        let known = KnownJobs(limits: (jobs: 64 << 10, pages: 8 << 10))
        for number in 0..<1_000 {
            let record = KnownJobSamples.record(number, .succeeded)
            let job = KnownJob(record)
            _ = job.answer(at: JobMoment())
            known.keep(job, position: nil, read: known.stamp)
            let filter = KnownPage.Key(JobFilter(), limit: number + 1)
            known.keep(KnownPage([(job, nil)], next: nil), as: filter, read: known.stamp)
        }
        #expect(known.cost <= 72 << 10)
        #expect(known.record(of: KnownJobSamples.id(0)) == nil && known.record(of: KnownJobSamples.id(999)) != nil)
    }

    /// Every order of reads, commits and looks against what the database has. A read takes its snapshot when it begins and comes
    /// back at any time; a commit changes some jobs at once, somewhere between its two messages.
    @Test(arguments: 1...8 as ClosedRange<UInt64>) func nothingStaleIsGivenOut(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let known = KnownJobs(limits: (jobs: 40 << 10, pages: 40 << 10))
        var database = (0..<12).map { KnownJobSamples.record($0, $0 % 2 == 0 ? .queued : .succeeded) }
        var reads: [(stamp: KnownJobs.Stamp, snapshot: [JobRecord])] = []
        var commit: (jobs: [Int], isDone: Bool)?
        var found = 0
        for step in 0..<5_000 {
            switch Int.random(in: 0..<8, using: &random) {
            case 0, 1: reads.append((known.stamp, database))
            case 2, 3:
                guard let index = reads.indices.randomElement(using: &random) else { continue }
                let read = reads.remove(at: index)
                if Bool.random(using: &random) {
                    keep(read.snapshot, in: known, read: read.stamp)
                } else {
                    let record = read.snapshot.randomElement(using: &random) ?? read.snapshot[0]
                    known.keep(KnownJob(record), position: record.version, read: read.stamp)
                }
            case 4:
                guard let (jobs, isDone) = commit else {
                    let jobs = (0..<12).filter { _ in Int.random(in: 0..<6, using: &random) == 0 }
                    known.note(.begins(Set(jobs.map { KnownJobSamples.id($0) })))
                    commit = (jobs, false)
                    continue
                }
                // One that failed changes nothing, and is over all the same.
                if !isDone, Int.random(in: 0..<4, using: &random) > 0 {
                    for job in jobs { database[job].version += 1 }
                    commit = (jobs, true)
                } else {
                    known.note(.over)
                    commit = nil
                }
            default:
                let number = Int.random(in: 0..<12, using: &random)
                let id = KnownJobSamples.id(number)
                if let record = known.record(of: id) {
                    found += 1
                    #expect(record.version == database[number].version, "seed \(seed), step \(step)")
                }
                if let placed = known.placed(id) {
                    #expect(placed.job.record.version == database[number].version, "seed \(seed), step \(step)")
                }
                if let page = known.page(key) {
                    found += 1
                    #expect(
                        page.jobs.map(\.job.record.version) == database.map(\.version), "seed \(seed), step \(step)")
                }
            }
        }
        #expect(found > 100, "seed \(seed): hardly anything was known, so that nothing was tried")
    }

    /// Against a store that commits meanwhile: whoever was answered sees at least what it wrote, whatever threads do.
    @Test(arguments: [1, 2] as [UInt64]) func noReadAfterAnAnsweredWriteIsOlder(seed: UInt64) async throws {
        let folder = NSTemporaryDirectory() + "tpud-known-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try JobStore(folder: folder)
        let known = KnownJobs()
        store.whenJobsChange { known.note($0) }
        let jobs = (0..<4).map { number -> NewJob in
            let id = KnownJobSamples.id(number)
            return NewJob(
                id: id, name: "job", mode: .train, owner: "o", modelDir: "jobs/\(id)",
                createdAt: Timestamp(microseconds: 1), spec: "{}")
        }
        for job in jobs { _ = try await store.submit(job) }
        let hits = Hits()
        /// The versions of all, by one way or the other.
        @Sendable func look(_ number: Int, listed: Bool) async throws -> Int {
            if listed {
                if let page = known.page(key) {
                    hits.count.add(1, ordering: .relaxed)
                    return page.jobs.first { $0.job.record.id == jobs[number].id }?.job.record.version ?? 0
                }
                let stamp = known.stamp
                let read = try await store.list(limit: 50)
                known.keep(KnownPage(known.jobs(of: read, read: stamp), next: nil), as: key, read: stamp)
                return read.jobs.first { $0.id == jobs[number].id }?.version ?? 0
            }
            if let placed = known.placed(jobs[number].id) {
                hits.count.add(1, ordering: .relaxed)
                return placed.job.record.version
            }
            let stamp = known.stamp
            guard let read = try await store.placedJob(jobs[number].id) else { return 0 }
            known.keep(KnownJob(read.job), position: read.position, read: stamp)
            return read.job.version
        }
        let answered = Answered(count: jobs.count)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, job) in jobs.enumerated() {
                group.addTask {
                    for priority in 1...40 {
                        guard
                            case .done(let record) = try await store.change(
                                job.id, version: nil, to: JobChange(priority: priority),
                                at: Timestamp(microseconds: Int64(priority)), promise: nil)
                        else { return }
                        answered.versions.withLock { $0[number] = record.version }
                        for listed in [false, true] {
                            let seen = try await look(number, listed: listed)
                            #expect(seen >= record.version, "seed \(seed): its own write, listed \(listed)")
                        }
                    }
                }
            }
            for reader in 0..<4 {
                group.addTask {
                    var random = SeededGenerator(seed: seed &+ UInt64(reader) &* 977)
                    for _ in 0..<400 {
                        let number = Int.random(in: 0..<4, using: &random)
                        let least = answered.versions.withLock { $0[number] }
                        let listed = Bool.random(using: &random)
                        let seen = try await look(number, listed: listed)
                        #expect(seen >= least, "seed \(seed): another's write, listed \(listed)")
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(hits.count.load(ordering: .relaxed) > 0, "seed \(seed): nothing was known")
        try store.close()
    }
}
