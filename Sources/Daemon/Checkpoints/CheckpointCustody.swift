import Formats
package import Jobs
package import Logging
import Reactor
package import Store
import Synchronization

/// Keeps what is recorded of checkpoints and what lies in the jobs' folders the same: only the daemon removes
/// checkpoints, the row says so before the first file goes, and nothing is served that is not what was recorded.
package final class CheckpointCustody: Sendable {
    /// The state of a checkpoint that somebody wants to read.
    package enum Verdict: Sendable, Hashable {
        /// Its files are as recorded.
        case good
        /// They are not, which is recorded now.
        case damaged
        /// It is not recorded any more: it went for newer ones.
        case gone
    }

    private struct Key: Hashable {
        var job: JobID
        var files: [CheckpointFile]
    }

    private let store: JobStore
    private let clock: DaemonClock
    private let announce: @Sendable (JobID) -> Void
    private let log: Logger
    /// What was found to be as recorded, with the stamps that the files had then: read once, not at every download.
    private let verified = Mutex<[Key: [FileStamp?]]>([:])

    /// How many verified checkpoints are remembered; past it the first are verified again.
    private static let memory = 4096
    /// How many stay where nothing is said: RunConfig's `keep_checkpoint_max`.
    private static let defaultLimit = 5

    /// Nothing was looked at yet.
    ///
    /// - Parameter announce: told a job whose checkpoints have changed.
    package init(store: JobStore, clock: DaemonClock, log: Logger, announce: @escaping @Sendable (JobID) -> Void) {
        self.store = store
        self.clock = clock
        self.log = log
        self.announce = announce
    }

    private func folder(of job: JobRecord) -> CheckpointFolder {
        CheckpointFolder(modelDirectory: "\(store.path)/\(job.modelDir)")
    }

    // MARK: Recording

    /// Makes rows and folder agree, then removes what is beyond the limit. For a job whose attempt is live by the store,
    /// but has no worker: before it begins, and after it has ended. What fails is logged, and tried again next time.
    package func reconcile(_ job: JobRecord) async {
        let folder = folder(of: job)
        do {
            let rows = try await store.checkpoints(of: job.id, withDeleting: true)
            let recorded = rows.filter { $0.state != .deleting }
            let deleting = rows.filter { $0.state == .deleting }.map(\.step)
            let plan = try await DiskWork.run {
                try folder.removeUnfinished()
                let folders = try folder.steps()
                var complete: [Int: CheckpointFolder.Found] = [:]
                for step in folders { complete[step] = folder.complete(step) }
                return CheckpointReconciliation(
                    recorded: recorded, deleting: deleting, folders: folders, complete: complete)
            }
            try await carryOut(plan, job, folder)
            try await prune(job, plan.isEmpty ? recorded : try await store.checkpoints(of: job.id))
        } catch {
            log.error("job \(job.id): its checkpoints could not be compared with its folder: \(error)")
        }
    }

    private func carryOut(_ plan: CheckpointReconciliation, _ job: JobRecord, _ folder: CheckpointFolder) async throws {
        if !plan.forgotten.isEmpty {
            log.warning("job \(job.id): recorded checkpoints \(plan.forgotten) are not in its folder")
            try await store.forgetCheckpoints(plan.forgotten, of: job.id)
        }
        for step in plan.damaged { try await markDamaged(step, of: job.id, "its folder is not complete") }
        for found in plan.found {
            log.notice("job \(job.id): checkpoint \(found.step) was written, but not yet recorded")
            try await store.recordCheckpoint(
                StoredCheckpoint(
                    step: found.step, attempt: job.attempt, createdAt: clock.wall(), keptBecause: found.keptBecause,
                    files: found.files), of: job.id)
        }
        if !plan.removed.isEmpty {
            try await DiskWork.run { for step in plan.removed { try folder.remove(step) } }
            try await store.forgetCheckpoints(plan.removed, of: job.id)
        }
        if !plan.isEmpty { announce(job.id) }
    }

    /// Removes the checkpoints of a job that are beyond its limit, once one was recorded. What fails is logged, and tried
    /// again next time.
    package func prune(_ recorded: RecordedCheckpoint) async {
        do {
            try await prune(recorded.job, recorded.checkpoints)
        } catch {
            log.error("job \(recorded.job.id): checkpoints beyond its limit could not be removed: \(error)")
        }
    }

    /// The same once its limit is another one.
    package func prune(_ job: JobRecord) async {
        do {
            try await prune(job, try await store.checkpoints(of: job.id))
        } catch {
            log.error("job \(job.id): checkpoints beyond its limit could not be removed: \(error)")
        }
    }

    private func prune(_ job: JobRecord, _ checkpoints: [StoredCheckpoint]) async throws {
        let surplus = CheckpointRetention.surplus(
            of: checkpoints, limit: job.keepCheckpointMax ?? Self.defaultLimit)
        guard !surplus.isEmpty else { return }
        let folder = folder(of: job)
        try await store.beginDeletingCheckpoints(surplus, of: job.id)
        try await DiskWork.run { for step in surplus { try folder.remove(step) } }
        try await store.forgetCheckpoints(surplus, of: job.id)
        announce(job.id)
    }

    /// At start, before the last daemon's attempts are ended: what their workers wrote and could not tell is recorded as
    /// theirs, and the deletions that the daemon's end cut short are ended.
    package func reconcileAll() async {
        do {
            for live in try await store.holdingJobs() {
                if let job = try await store.job(live.id) { await reconcile(job) }
            }
            for (id, steps) in try await store.deletingCheckpoints() {
                guard let job = try await store.job(id) else { continue }
                let folder = folder(of: job)
                try await DiskWork.run { for step in steps { try folder.remove(step) } }
                try await store.forgetCheckpoints(steps, of: id)
            }
        } catch {
            log.error("checkpoints that were being removed could not be: \(error)")
        }
    }

    // MARK: Reading

    /// Whether the files of a checkpoint are as recorded. Reads all of them the first time, and again when one of them
    /// has changed since.
    /// - Throws: `SystemError` when the disk does not say; `StoreError`.
    package func verify(_ checkpoint: StoredCheckpoint, of job: JobRecord) async throws -> Verdict {
        guard checkpoint.state == .good else { return .damaged }
        let folder = folder(of: job)
        let key = Key(job: job.id, files: checkpoint.files)
        let known = verified.withLock { $0[key] }
        let (stamps, damage) = try await DiskWork.run {
            func stamps() -> [FileStamp?] {
                checkpoint.files.map { FileStamp(path: folder.path(of: $0.name, step: checkpoint.step)) }
            }
            // Before the bytes: what changes while they are read is seen the next time.
            let before = stamps()
            if let known, known == before { return (before, nil as String?) }
            return (before, try folder.damage(checkpoint.files, step: checkpoint.step))
        }
        guard let damage else {
            verified.withLock { verified in
                if verified.count >= Self.memory { verified.removeAll() }
                verified[key] = stamps
            }
            return .good
        }
        // It may have been removed, or written anew, in the meantime.
        let current = try await store.checkpoints(of: job.id).first { $0.step == checkpoint.step }
        guard let current else { return .gone }
        guard current.files == checkpoint.files else { return .gone }
        if current.state == .good { try await markDamaged(checkpoint.step, of: job.id, damage) }
        return .damaged
    }

    /// Takes note that a checkpoint is not what was recorded: an event, and it is never served again.
    func markDamaged(_ step: Int, of job: JobID, _ detail: String) async throws(StoreError) {
        guard try await store.markDamaged(step, of: job, at: clock.wall()) else { return }
        log.error("job \(job): checkpoint \(step) is damaged: \(detail)")
        announce(job)
    }
}
