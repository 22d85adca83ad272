import Jobs
package import Store

/// How what is recorded of a job's checkpoints is made to agree with what lies in its folder, as a value.
package struct CheckpointReconciliation: Hashable, Sendable {
    /// Recorded, but without a folder: the rows go.
    package var forgotten: [Int] = []
    /// Recorded as good, but its folder holds no complete checkpoint.
    package var damaged: [Int] = []
    /// Complete in the folder, but not recorded: whoever wrote it ended before it could be told.
    package var found: [CheckpointFolder.Found] = []
    /// Neither recorded nor complete, or being deleted: what is left goes.
    package var removed: [Int] = []

    /// Whether all agrees already.
    package var isEmpty: Bool { forgotten.isEmpty && damaged.isEmpty && found.isEmpty && removed.isEmpty }

    /// - Parameters:
    ///   - recorded: the rows but those that are being deleted.
    ///   - deleting: the steps of those.
    ///   - folders: the steps that have a folder.
    ///   - complete: the complete checkpoint in it, by step.
    package init(
        recorded: [StoredCheckpoint], deleting: [Int], folders: [Int], complete: [Int: CheckpointFolder.Found]
    ) {
        let rows = Dictionary(recorded.map { ($0.step, $0) }) { first, _ in first }
        forgotten = rows.keys.filter { !folders.contains($0) }.sorted()
        removed = deleting.filter { rows[$0] == nil }.sorted()
        for step in folders.sorted() where !removed.contains(step) {
            switch (rows[step], complete[step]) {
            case (let row?, nil): if row.state == .good { damaged.append(step) }
            case (nil, let complete?): found.append(complete)
            case (nil, nil): removed.append(step)
            case (.some, .some): break
            }
        }
    }
}
