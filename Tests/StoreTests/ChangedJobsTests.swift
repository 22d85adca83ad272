import Jobs
import Store
import Synchronization
import Testing

/// Whatever changes what a read of a job finds is told, before it can be found and before anybody is answered.
@Suite struct ChangedJobsTests {
    /// What was told, in order.
    private final class Told: Sendable {
        let commits = Mutex<[JobCommit]>([])

        /// The jobs that were told of since the last call; nil when the order was wrong.
        func take() -> Set<JobID>? {
            let commits = commits.withLock { commits in
                defer { commits = [] }
                return commits
            }
            var jobs: Set<JobID> = []
            for (index, commit) in commits.enumerated() {
                switch commit {
                case .begins(let changed) where index % 2 == 0: jobs.formUnion(changed)
                case .over where index % 2 == 1: break
                default: return nil
                }
            }
            return commits.count % 2 == 0 ? jobs : nil
        }
    }

    /// All that a resource is made of, by job.
    private func resources(_ store: JobStore) async throws -> [JobID: JobRecord] {
        let page = try await store.list(limit: 500, withSpec: true)
        return Dictionary(uniqueKeysWithValues: page.jobs.map { ($0.id, $0) })
    }

    private func checkpoint(_ step: Int) -> StoredCheckpoint {
        StoredCheckpoint(
            step: step, attempt: 1, createdAt: TestStore.time(60), keptBecause: "latest",
            files: [CheckpointFile(name: "model.safetensors", bytes: 4, sha256: String(repeating: "a", count: 64))])
    }

    @Test func everyChangeOfAResourceIsTold() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        let queued = try await fixture.job(1, in: .queued)
        let running = try await fixture.job(2, in: .running)
        let ended = try await fixture.job(3, in: .succeeded)
        let stopping = try await fixture.job(4, in: .stopping)
        let told = Told()
        store.whenJobsChange { commit in told.commits.withLock { $0.append(commit) } }
        let at = TestStore.time(70)
        let operations: [(String, () async throws -> Void)] = [
            ("submit", { _ = try await store.submit(TestStore.job(5)) }),
            ("labels", { try await store.change(queued.id, version: nil, to: JobChange(labels: ["a": "b"]), at: at) }),
            ("labels again", { try await store.change(queued.id, version: nil, to: JobChange(labels: [:]), at: at) }),
            ("spec", { try await store.change(queued.id, version: nil, to: JobChange(spec: "{\"x\":1}"), at: at) }),
            ("priority", { try await store.change(ended.id, version: nil, to: JobChange(priority: 9), at: at) }),
            ("hold", { try await store.hold([queued.id], at: at) }),
            (
                "checkpoint",
                { try await store.recordCheckpoint(checkpoint(10), of: running.id, progress: "{\"global_step\":10}") }
            ),
            ("another", { try await store.recordCheckpoint(checkpoint(20), of: running.id) }),
            ("damaged", { try await store.markDamaged(20, of: running.id, at: at) }),
            ("deleting", { try await store.beginDeletingCheckpoints([10], of: running.id) }),
            ("forgotten", { try await store.forgetCheckpoints([10], of: running.id) }),
            (
                "finish",
                {
                    try await store.finishAttempt(
                        AttemptFinish(
                            attempt: 1, end: AttemptEnd(outcome: .cancelled, ranStep: true), endStep: 5, secondsRun: 1,
                            change: StateChange(
                                job: stopping.id, version: stopping.version, move: JobMachine.Move(to: .cancelled),
                                at: at)))
                }
            ),
            ("delete", { try await store.delete(ended.id) }),
            ("recover", { _ = try await store.recover(at: at) }),
        ]
        for (name, operation) in operations {
            let before = try await resources(store)
            try await operation()
            let after = try await resources(store)
            let changed = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
            let jobs = try #require(told.take(), "\(name): a beginning and an end in turns")
            #expect(jobs.isSuperset(of: changed), "\(name)")
            #expect(!changed.isEmpty || ["forgotten"].contains(name), "\(name) changes something, or it tests nothing")
        }
    }

    /// What changes no job's resource makes nobody read again.
    @Test func otherWritesAreNotTold() async throws {
        let fixture = try TestStore()
        let running = try await fixture.job(1, in: .running)
        let told = Told()
        fixture.store.whenJobsChange { commit in told.commits.withLock { $0.append(commit) } }
        try await fixture.store.appendMetrics(
            [MetricPoint(name: "loss", step: 1, value: 0.5, at: TestStore.time(9))], of: running.id)
        #expect(told.commits.withLock { $0 } == [])
    }

    /// A commit that fails is over, too, and says nothing of the next one.
    @Test func aCommitThatFailsIsOver() async throws {
        let isFailing = Atomic(false)
        let fixture = try TestStore(fault: { step throws(StoreError) in
            if step == .commit, isFailing.load(ordering: .relaxed) { throw StoreError.database(code: 1, "failed") }
        })
        let job = try await fixture.job(1, in: .queued)
        let told = Told()
        fixture.store.whenJobsChange { commit in told.commits.withLock { $0.append(commit) } }
        isFailing.store(true, ordering: .relaxed)
        await #expect(throws: StoreError.self) { try await fixture.store.hold([job.id], at: TestStore.time(5)) }
        #expect(told.take() != nil)
        isFailing.store(false, ordering: .relaxed)
        try await fixture.store.hold([job.id], at: TestStore.time(6))
        #expect(told.take()?.contains(job.id) == true)
    }

    /// Who reads when it is over finds the change; who reads while it begins may not.
    @Test func itIsOverOnceAReadFindsIt() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        let job = try await fixture.job(1, in: .queued)
        let (versions, found) = AsyncStream.makeStream(of: Int.self)
        store.whenJobsChange { commit in
            guard commit == .over else { return }
            Task { found.yield((try? await store.job(job.id)?.version) ?? 0) }
        }
        try await store.hold([job.id], at: TestStore.time(5))
        var first = versions.makeAsyncIterator()
        #expect(await first.next() == 2)
    }
}
