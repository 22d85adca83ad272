package import Jobs
import GRDB

/// What a job and its checkpoints are once one was recorded.
package struct RecordedCheckpoint: Hashable, Sendable {
    /// The job.
    package var job: JobRecord
    /// Its checkpoints that are not being deleted, newest first.
    package var checkpoints: [StoredCheckpoint]
    /// Whether the checkpoint was not recorded so before; if it was, nothing but points was stored.
    package var isNew: Bool
}

extension JobStore {
    /// Records a checkpoint that is complete on disk, with its event; the job's version grows.
    ///
    /// A checkpoint of a step that is recorded already replaces it: an attempt that goes on from an earlier one
    /// writes the same steps again. Where it has the same files and is good, it stays as it is: an attempt that goes on
    /// tells where it does.
    ///
    /// - Parameters:
    ///   - points: Of the job's series up to the checkpoint, stored with it; default none.
    ///   - progress: How far the job is, as JSON; nil, the default, leaves what is stored.
    /// - Throws: `staleAttempt` when the attempt is not the job's live one; `refused` without `model.safetensors`
    ///   among the files.
    @discardableResult
    package func recordCheckpoint(
        _ checkpoint: StoredCheckpoint, of id: JobID, points: [MetricPoint] = [], progress: String? = nil
    ) async throws(StoreError) -> RecordedCheckpoint {
        try await writer.write { [unreadable] db, batch in
            let old = try Self.current(id, version: nil, in: db)
            guard old.state.holdsResources, old.attempt == checkpoint.attempt else {
                throw StoreError.staleAttempt(id, attempt: checkpoint.attempt)
            }
            guard let model = checkpoint.files.first(where: { $0.name == "model.safetensors" }) else {
                throw StoreError.refused("a checkpoint without model.safetensors")
            }
            try Self.append(points, of: id, in: db, &batch)
            var recorded = try Self.checkpoints(of: id, in: db, unreadable)
            let isNew = !recorded.contains { $0.step == checkpoint.step && $0.isGood(with: checkpoint.files) }
            if isNew {
                try Self.insert(checkpoint, of: id, in: db)
                try Self.followNewestCheckpoint(of: id, in: db)
                try Event(
                    job: id, type: .checkpoint, at: checkpoint.createdAt, attempt: old.attempt,
                    data: ["step": .number(checkpoint.step), "sha256": .text(model.sha256)]
                ).insert(in: db, &batch)
                if let progress { try Self.set(progress: progress, of: id, in: db) }
                recorded = try Self.checkpoints(of: id, in: db, unreadable)
            }
            return RecordedCheckpoint(job: try Self.fetch(id, in: db), checkpoints: recorded, isNew: isNew)
        }
    }

    /// Begins to delete checkpoints: from now on they are not listed, and no attempt goes on from them. Then the files
    /// are removed and ``forgetCheckpoints(_:of:)`` ends it; ``deletingCheckpoints()`` tells what a daemon's end left
    /// between. Steps that are not recorded are passed over. When the newest good one is among them, the job's newest
    /// becomes the next one, and its version grows.
    package func beginDeletingCheckpoints(_ steps: [Int], of id: JobID) async throws(StoreError) {
        try await writer.write(isVital: true) { db, _ in
            for step in steps { try Self.set(.deleting, of: step, of: id, in: db) }
            try Self.followNewestCheckpoint(of: id, whenItWasIn: steps, in: db)
        }
    }

    /// Forgets checkpoints whose files are gone; steps that are not recorded are passed over. When the newest good one is
    /// among them, the job's newest becomes the next one, and its version grows.
    package func forgetCheckpoints(_ steps: [Int], of id: JobID) async throws(StoreError) {
        try await writer.write(isVital: true) { db, _ in
            for step in steps {
                try db.cachedStatement(sql: "DELETE FROM checkpoints WHERE job_id = ? AND step = ?")
                    .execute(arguments: [id.description, step])
            }
            try Self.followNewestCheckpoint(of: id, whenItWasIn: steps, in: db)
        }
    }

    /// Takes note that the files of a checkpoint are not what was recorded, with its event. When it was the newest good
    /// one, the job's newest becomes the next one, and its version grows.
    ///
    /// - Returns: Whether that is news: false for a checkpoint that is not recorded or not good.
    @discardableResult
    package func markDamaged(_ step: Int, of id: JobID, at: Timestamp) async throws(StoreError) -> Bool {
        try await writer.write(isVital: true) { db, batch in
            let job = try Self.current(id, version: nil, in: db)
            guard try Self.set(.damaged, of: step, of: id, from: .good, in: db) else { return false }
            try Self.followNewestCheckpoint(of: id, whenItWasIn: [step], in: db)
            try Event(job: id, type: .damaged, at: at, attempt: job.attempt, data: ["step": .number(step)])
                .insert(in: db, &batch)
            return true
        }
    }

    /// The checkpoints whose deletion has begun and not ended, by job: their files may or may not be there.
    package func deletingCheckpoints() async throws(StoreError) -> [JobID: [Int]] {
        try await read { db in
            var steps: [JobID: [Int]] = [:]
            let sql = "SELECT job_id, step FROM checkpoints WHERE state = 'DELETING' ORDER BY job_id, step"
            for row in try Row.fetchAll(db, sql: sql) {
                steps[try RowReader(row).id("job_id"), default: []].append(row["step"])
            }
            return steps
        }
    }

    /// Says which checkpoints stay as the best ones: those are BEST from now on, and those that were are among the NEWEST.
    /// Steps that are not recorded are passed over.
    ///
    /// - Returns: What the job and its checkpoints are then; `isNew` where one was changed, and the job's version grew.
    package func keepBestCheckpoints(_ steps: [Int], of id: JobID) async throws(StoreError) -> RecordedCheckpoint {
        try await writer.write { [unreadable] db, _ in
            let before = try Self.checkpoints(of: id, in: db, unreadable)
            let update = try db.cachedStatement(
                sql: "UPDATE checkpoints SET kept_because = ? WHERE job_id = ? AND step = ?")
            for checkpoint in before {
                let isBest = steps.contains(checkpoint.step)
                guard isBest != (checkpoint.keptBecause == StoredCheckpoint.best) else { continue }
                try update.execute(arguments: [
                    isBest ? StoredCheckpoint.best : StoredCheckpoint.newest, id.description, checkpoint.step,
                ])
            }
            let after = try Self.checkpoints(of: id, in: db, unreadable)
            if after != before {
                try db.cachedStatement(sql: "UPDATE jobs SET version = version + 1 WHERE id = ?")
                    .execute(arguments: [id.description])
            }
            return RecordedCheckpoint(
                job: try Self.fetch(id, in: db), checkpoints: after, isNew: after != before)
        }
    }

    private static func insert(_ checkpoint: StoredCheckpoint, of id: JobID, in db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM checkpoints WHERE job_id = ? AND step = ?")
            .execute(arguments: [id.description, checkpoint.step])
        try db.cachedStatement(
            sql: """
                INSERT INTO checkpoints(job_id, step, attempt, bytes, created_at, kept_because)
                VALUES (?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            id.description, checkpoint.step, checkpoint.attempt, checkpoint.bytes, checkpoint.createdAt.microseconds,
            checkpoint.keptBecause,
        ])
        for file in checkpoint.files {
            try db.cachedStatement(
                sql: "INSERT INTO checkpoint_files(job_id, step, name, bytes, sha256) VALUES (?, ?, ?, ?, ?)"
            ).execute(arguments: [id.description, checkpoint.step, file.name, file.bytes, file.sha256])
        }
    }

    @discardableResult
    private static func set(
        _ state: CheckpointState, of step: Int, of id: JobID, from: CheckpointState? = nil, in db: Database
    ) throws -> Bool {
        try db.cachedStatement(
            sql: "UPDATE checkpoints SET state = ? WHERE job_id = ? AND step = ? AND state = coalesce(?, state)"
        ).execute(arguments: [state.rawValue, id.description, step, from?.rawValue])
        return db.changesCount == 1
    }

    /// Makes the newest good checkpoint the job's newest; its version grows.
    private static func followNewestCheckpoint(of id: JobID, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                UPDATE jobs SET version = version + 1, (checkpoint_step, checkpoint_sha256) = (
                  SELECT checkpoints.step, sha256 FROM checkpoints JOIN checkpoint_files USING (job_id, step)
                  WHERE job_id = jobs.id AND state = 'GOOD' AND name = 'model.safetensors' ORDER BY step DESC LIMIT 1)
                WHERE id = ?
                """
        ).execute(arguments: [id.description])
    }

    private static func followNewestCheckpoint(of id: JobID, whenItWasIn steps: [Int], in db: Database) throws {
        let statement = try db.cachedStatement(sql: "SELECT checkpoint_step FROM jobs WHERE id = ?")
        guard let newest = try Int.fetchOne(statement, arguments: [id.description]), steps.contains(newest) else {
            return
        }
        try followNewestCheckpoint(of: id, in: db)
    }
}

extension StoredCheckpoint {
    /// Whether it is good and has these files, in any order.
    fileprivate func isGood(with files: [CheckpointFile]) -> Bool { state == .good && Set(self.files) == Set(files) }
}
