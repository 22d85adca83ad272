import Foundation
import Jobs
import Store
import Synchronization
import Testing

@Suite struct GroupCommitTests {
    /// Counts steps, holds the writer at the first `begin` until it is let go, and fails at a step when told.
    final class Gate: Sendable {
        private let counts = Mutex<[StoreStep: Int]>([:])
        private let gate = DispatchSemaphore(value: 0)
        private let failAt = Mutex<StoreStep?>(nil)
        let holdsFirst: Bool

        init(holdsFirst: Bool = false) { self.holdsFirst = holdsFirst }

        func open() { gate.signal() }
        func fail(at step: StoreStep?) { failAt.withLock { $0 = step } }
        func count(_ step: StoreStep) -> Int { counts.withLock { $0[step] ?? 0 } }

        func pass(_ step: StoreStep) throws(StoreError) {
            let number = counts.withLock { counts in
                counts[step, default: 0] += 1
                return counts[step] ?? 0
            }
            if holdsFirst && step == .begin && number == 1 { gate.wait() }
            if failAt.withLock({ $0 }) == step { throw .injected(step) }
        }
    }

    /// Submits jobs so that all but the first wait together; answers in the order of the numbers.
    private func submitTogether(
        _ jobs: [NewJob], gate: Gate, store: Store
    ) async -> [Result<Submission, StoreError>] {
        await withTaskGroup(of: (Int, Result<Submission, StoreError>).self) { group in
            for (index, job) in jobs.enumerated() {
                // The first is to be at the gate by itself.
                while index == 1, gate.count(.begin) == 0 { await Task.yield() }
                group.addTask { (index, await Self.outcome(of: job, store)) }
            }
            group.addTask {
                while store.waitingWrites < jobs.count - 1 { await Task.yield() }
                gate.open()
                return (-1, .failure(.closed))
            }
            var results: [Int: Result<Submission, StoreError>] = [:]
            for await (index, result) in group { results[index] = result }
            return jobs.indices.map { results[$0] ?? .failure(.closed) }
        }
    }

    private static func outcome(of job: NewJob, _ store: Store) async -> Result<Submission, StoreError> {
        do throws(StoreError) {
            let submission = try await store.submit(job)
            return .success(submission)
        } catch {
            return .failure(error)
        }
    }

    @Test func requestsThatWaitTogetherShareACommit() async throws {
        let gate = Gate(holdsFirst: true)
        let fixture = try TestStore { step throws(StoreError) in try gate.pass(step) }
        let jobs = (0..<60).map { TestStore.job($0) }
        let results = await submitTogether(jobs, gate: gate, store: fixture.store)
        let created = results.compactMap { result -> JobID? in
            if case .success(.created(let record)) = result { record.id } else { nil }
        }
        #expect(created == jobs.map(\.id))
        #expect(gate.count(.commit) == 2)
        #expect(try await fixture.store.counts() == [.queued: 60])
    }

    @Test func oneThatFailsDoesNotFailTheOthers() async throws {
        let gate = Gate(holdsFirst: true)
        let fixture = try TestStore { step throws(StoreError) in try gate.pass(step) }
        var bad = TestStore.job(5)
        bad.spec = "{"
        var worse = TestStore.job(6)
        worse.labels = ["": "x"]
        let jobs = (0..<5).map { TestStore.job($0) } + [bad, worse] + (7..<10).map { TestStore.job($0) }
        let results = await submitTogether(jobs, gate: gate, store: fixture.store)
        let failed = results.indices.filter { if case .failure = results[$0] { true } else { false } }
        #expect(failed == [5, 6])
        #expect(try await fixture.store.counts() == [.queued: 8])
        #expect(try await fixture.store.events().events.count == 8)
        #expect(try await fixture.store.job(worse.id) == nil)
    }

    @Test(arguments: [StoreStep.begin, .request, .commit])
    func aFaultBeforeTheCommitUndoesTheWholeBatch(step: StoreStep) async throws {
        let gate = Gate()
        let fixture = try TestStore { step throws(StoreError) in try gate.pass(step) }
        let job = try await fixture.job(0, in: .running)
        gate.fail(at: step)
        for number in 1..<4 {
            await #expect(throws: StoreError.injected(step)) { try await fixture.store.submit(TestStore.job(number)) }
        }
        let finish = AttemptFinish(
            attempt: 1, end: AttemptEnd(outcome: .crashed, ranStep: false), endStep: 0, secondsRun: 1,
            change: StateChange(
                job: job.id, version: job.version, move: JobMachine.Move(to: .retryWait, waitSeconds: 1),
                at: TestStore.time(9)))
        await #expect(throws: StoreError.injected(step)) { try await fixture.store.finishAttempt(finish) }
        gate.fail(at: nil)
        #expect(try await fixture.store.counts() == [.running: 1])
        #expect(try await fixture.store.job(job.id) == job)
        #expect(try await fixture.store.attempts(of: job.id).map(\.end) == [nil])
        #expect(try await fixture.store.events().events.count == 3)
        try await fixture.store.finishAttempt(finish)
        #expect(try await fixture.store.counts() == [.retryWait: 1])
    }

    @Test func aFaultAfterTheCommitLeavesWhatIsDurable() async throws {
        let gate = Gate()
        let fixture = try TestStore { step throws(StoreError) in try gate.pass(step) }
        gate.fail(at: .committed)
        await #expect(throws: StoreError.injected(.committed)) { try await fixture.store.submit(TestStore.job(1)) }
        gate.fail(at: nil)
        #expect(try await fixture.store.counts() == [.queued: 1])
    }

    /// The files as they lie on the disk at a step are what a process that is killed there leaves behind.
    @Test(arguments: [(StoreStep.commit, false), (.committed, true)])
    func whatAKillLeavesBehind(step: StoreStep, isThere: Bool) async throws {
        let left = NSTemporaryDirectory() + "tpud-left-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: left) }
        let source = Mutex<String?>(nil)
        let fixture = try TestStore { current throws(StoreError) in
            guard current == step, let folder = source.withLock({ $0 }) else { return }
            do {
                try FileManager.default.createDirectory(atPath: left, withIntermediateDirectories: true)
                for name in [Store.fileName, Store.fileName + "-wal"] {
                    try FileManager.default.copyItem(atPath: folder + "/" + name, toPath: left + "/" + name)
                }
            } catch { throw .refused("\(error)") }
        }
        let first = try await fixture.job(1, in: .running)
        source.withLock { $0 = fixture.folder }
        _ = try await fixture.store.submit(TestStore.job(2))
        source.withLock { $0 = nil }
        let found = try Store(folder: left)
        #expect(try await found.job(first.id) == first)
        #expect(try await (found.job(TestStore.job(2).id) != nil) == isThere)
        #expect(try await found.recover(at: TestStore.time(50)).map(\.to) == [.queued])
        try found.close()
    }
}
