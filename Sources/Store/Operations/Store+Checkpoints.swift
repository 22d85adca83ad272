package import Jobs
import GRDB

extension Store {
    /// Records a checkpoint that is complete on disk, with its event; the job's version grows.
    ///
    /// A checkpoint of a step that is recorded already replaces it: an attempt that goes on from an earlier one
    /// writes the same steps again.
    ///
    /// - Returns: The job's new version.
    /// - Throws: `staleAttempt` when the attempt is not the job's live one; `refused` without `model.safetensors`
    ///   among the files.
    @discardableResult
    package func recordCheckpoint(_ checkpoint: CheckpointRecord, of id: JobID) async throws(StoreError) -> Int {
        try await writer.write { db, _ in
            let old = try Self.current(id, version: nil, in: db)
            guard old.state.holdsResources, old.attempt == checkpoint.attempt else {
                throw StoreError.staleAttempt(id, attempt: checkpoint.attempt)
            }
            guard let model = checkpoint.files.first(where: { $0.name == "model.safetensors" }) else {
                throw StoreError.refused("a checkpoint without model.safetensors")
            }
            try Self.insert(checkpoint, of: id, in: db)
            try db.cachedStatement(
                sql: "UPDATE jobs SET version = version + 1, checkpoint_step = ?, checkpoint_sha256 = ? WHERE id = ?"
            ).execute(arguments: [checkpoint.step, model.sha256, id.description])
            try Event(
                job: id, type: .checkpoint, at: checkpoint.createdAt, attempt: old.attempt,
                data: ["step": String(checkpoint.step), "sha256": model.sha256]
            ).insert(in: db)
            return old.version + 1
        }
    }

    /// Forgets checkpoints that have been removed from the disk; steps that are not recorded are passed over.
    package func forgetCheckpoints(_ steps: [Int], of id: JobID) async throws(StoreError) {
        try await writer.write { db, _ in
            for step in steps {
                try db.cachedStatement(sql: "DELETE FROM checkpoints WHERE job_id = ? AND step = ?")
                    .execute(arguments: [id.description, step])
            }
        }
    }

    /// Says anew why a checkpoint stays.
    package func keepCheckpoint(_ step: Int, of id: JobID, because reason: String) async throws(StoreError) {
        try await writer.write { db, _ in
            try db.cachedStatement(sql: "UPDATE checkpoints SET kept_because = ? WHERE job_id = ? AND step = ?")
                .execute(arguments: [reason, id.description, step])
        }
    }

    private static func insert(_ checkpoint: CheckpointRecord, of id: JobID, in db: Database) throws {
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
}
