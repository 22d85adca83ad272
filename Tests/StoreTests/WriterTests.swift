import Foundation
import Jobs
import Store
import Synchronization
import Testing

@Suite struct WriterTests {
    @Test func requestsThatWaitTogetherShareACommit() async throws {
        let gate = StoreGate(holdsFirst: true)
        let fixture = try TestStore { step throws(StoreError) in try gate.pass(step) }
        let jobs = (0..<60).map { TestStore.job($0) }
        let results = await gate.submitTogether(jobs, to: fixture.store)
        let created = results.compactMap { result -> JobID? in
            if case .success(.created(let record)) = result { record.id } else { nil }
        }
        #expect(created == jobs.map(\.id))
        #expect(gate.count(.commit) == 2)
        #expect(try await fixture.store.counts() == [.queued: 60])
    }

    @Test(arguments: [StoreStep.begin, .request, .commit])
    func aFaultBeforeTheCommitUndoesTheWholeBatch(step: StoreStep) async throws {
        let gate = StoreGate()
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
        let gate = StoreGate()
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
                for name in [JobStore.fileName, JobStore.fileName + "-wal"] {
                    try FileManager.default.copyItem(atPath: folder + "/" + name, toPath: left + "/" + name)
                }
            } catch { throw .refused("\(error)") }
        }
        let first = try await fixture.job(1, in: .running)
        source.withLock { $0 = fixture.folder }
        _ = try await fixture.store.submit(TestStore.job(2))
        source.withLock { $0 = nil }
        let found = try JobStore(folder: left)
        #expect(try await found.job(first.id) == first)
        #expect(try await (found.job(TestStore.job(2).id) != nil) == isThere)
        #expect(try await found.recover(at: TestStore.time(50)).map(\.to) == [.queued])
        try found.close()
    }
}
