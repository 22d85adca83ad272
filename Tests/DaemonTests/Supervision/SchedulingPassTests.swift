import Daemon
import Foundation
import Jobs
import Scheduling
import Store
import Testing

@Suite struct SchedulingPassTests {
    private static let now = Timestamp(microseconds: 1_700_000_000_000_000)

    private static func id(_ number: Int) -> JobID { JobID(milliseconds: UInt64(number), random: (0, 0)) }

    /// A store with jobs of so many shards, all of which wait.
    private static func withStore(_ shards: [Int?], _ body: (JobStore) async throws -> Void) async throws {
        let folder = NSTemporaryDirectory() + "tpud-pass-\(UUID())"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try JobStore(folder: folder)
        for (number, count) in shards.enumerated() {
            var job = NewJob(
                id: id(number), name: "a", mode: .train, owner: "o", modelDir: "jobs/\(number)", createdAt: now,
                spec: "{}")
            job.slice = try count.map { try Slice(shards: $0) }
            _ = try await store.submit(job)
        }
        try await body(store)
        try store.close()
    }

    private static func pass(
        _ store: JobStore, workers: Int = 10, at now: Timestamp = now, isDraining: Bool = false
    ) async throws -> SchedulingPass {
        let pod = try Pod(parsing: "v2-8")
        return SchedulingPass(
            try await store.queueFront(workers: workers, pod: pod), pod: pod, workers: workers, now: now,
            isDraining: isDraining)
    }

    @Test func aPassStartsWhatFitsAndKnowsTheVersions() async throws {
        try await Self.withStore([4, 4, 1, nil]) { store in
            _ = try await store.change(
                Self.id(1), version: 1, to: JobChange(priority: 0), at: Self.now, promise: nil)
            let pass = try await Self.pass(store)
            #expect(pass.plan.starts.map(\.job) == [0, 1, 3].map(Self.id))
            #expect([0, 1, 3, 9].map { pass.version(of: Self.id($0)) } == [1, 2, 1, 0])
            let job = try #require(try await store.job(Self.id(2)))
            let pending = pass.outlook.pending(.init(job, now: Self.now), position: 1, now: Self.now)
            #expect(pending?.reason == .coresBusy)
        }
    }

    @Test func whoIsDrainingStartsNothing() async throws {
        try await Self.withStore([4]) { store in
            let draining = try await Self.pass(store, isDraining: true)
            #expect(draining.plan.starts.isEmpty)
            let withoutWorkers = try await Self.pass(store, workers: 0)
            #expect(withoutWorkers.plan.starts.isEmpty)
        }
    }

    /// What a job holds is taken, whatever the configuration says now.
    @Test func coresThatAreHeldAreTaken() async throws {
        try await Self.withStore([8, 1]) { store in
            let placement = Placement(slice: try Slice(shards: 8), hosts: [.init(host: 0, cores: Array(0..<8))])
            try await store.beginAttempt(
                AttemptStart(job: Self.id(0), version: 1, placement: placement, startStep: 0, at: Self.now))
            let pass = try await Self.pass(store)
            #expect(pass.plan.starts.isEmpty)
            #expect(pass.plan.head?.blocking == [Self.id(0)])
        }
    }

    /// A job in RETRY_WAIT waits until it is moved on, also when the wall clock was set past its moment.
    @Test func aBackoffIsOverOnlyWhenTheJobWasMovedOn() async throws {
        try await Self.withStore([8]) { store in
            let placement = Placement(slice: try Slice(shards: 8), hosts: [.init(host: 0, cores: Array(0..<8))])
            let begun = try await store.beginAttempt(
                AttemptStart(job: Self.id(0), version: 1, placement: placement, startStep: 0, at: Self.now))
            let waiting = try await store.finishAttempt(
                AttemptFinish(
                    attempt: 1, end: AttemptEnd(outcome: .crashed, ranStep: true), endStep: 1, secondsRun: 1,
                    change: StateChange(
                        job: Self.id(0), version: begun.version, move: .init(to: .retryWait, waitSeconds: 5),
                        at: Self.now)))
            for seconds in [0, 4.9, 5, 500] {
                let later = Self.now.advanced(bySeconds: seconds)
                let asked = Snapshot.Waiting(waiting, now: later)
                #expect(try #require(asked.retryAt) > later)
                #expect(try #require(asked.retryAt) >= Self.now.advanced(bySeconds: 5))
            }
        }
    }
}
