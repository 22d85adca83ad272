/// The checkpoints of one `model_dir`: written so that what has its final name is whole and on the disk, read so that
/// what is damaged is skipped.
///
/// Each checkpoint is a ``WholeFolder``, whose manifest with the digests of the other files is written last: a crash at any
/// moment leaves either the checkpoint or nothing of that name.
package struct CheckpointStore: Sendable {
    /// The `model_dir`.
    package let modelDirectory: String
    /// How many checkpoints are kept; 0 keeps all. Default 5, as RunConfig's `keep_checkpoint_max`.
    package let keepMax: Int
    private let files: any CheckpointFiles

    /// A store over a `model_dir` that need not exist yet.
    package init(
        modelDirectory: String, keepMax: Int = 5, files: any CheckpointFiles = POSIXCheckpointFiles()
    ) {
        precondition(keepMax >= 0, "keep_checkpoint_max is 0 (all) or a positive number")
        self.modelDirectory = modelDirectory
        self.keepMax = keepMax
        self.files = files
    }

    private var folder: String { "\(modelDirectory)/\(CheckpointLayout.folder)" }

    /// The folder of the checkpoint at `step`.
    package func path(of step: Int) -> String { "\(folder)/\(step)" }

    // MARK: Writing

    /// Writes a checkpoint, then removes the oldest ones beyond ``keepMax``.
    ///
    /// A checkpoint that already exists at this step is replaced in one step. Returns when all of it is on the disk.
    ///
    /// - Returns: the record of what was written, and the steps whose checkpoints were removed.
    /// - Throws: ``CheckpointFileError``; then no checkpoint of this step's name is incomplete.
    package func save(
        _ checkpoint: Checkpoint, reason: CheckpointReason
    ) throws(CheckpointFileError) -> (record: CheckpointRecord, removed: [Int]) {
        let unfinished = try WholeFolder("\(checkpoint.step)", in: folder, files: files)
        var record = CheckpointRecord(step: checkpoint.step, files: [], reason: reason)
        for (name, bytes) in [
            (CheckpointLayout.model, CheckpointEncoding.safetensors(checkpoint.variables)),
            (CheckpointLayout.optimizer, CheckpointEncoding.safetensors(checkpoint.slots)),
            (CheckpointLayout.state, CheckpointEncoding.state(checkpoint.state)),
        ] {
            try unfinished.write(bytes, as: name)
            record.files.append(ManifestEntry(name: name, bytes: bytes.count, sha256: SHA256Digest.hex(of: bytes)))
        }
        let manifest = CheckpointEncoding.manifest(record)
        try unfinished.write(manifest, as: CheckpointLayout.manifest)
        try unfinished.publish()
        record.files.append(
            ManifestEntry(
                name: CheckpointLayout.manifest, bytes: manifest.count, sha256: SHA256Digest.hex(of: manifest)))
        return (record, prune(newest: checkpoint.step))
    }

    /// A checkpoint that can't be removed stays, and the next save tries again: the new one is safe all the same.
    private func prune(newest: Int) -> [Int] {
        guard keepMax > 0, let steps = try? steps() else { return [] }
        return steps.filter { $0 != newest }.dropFirst(keepMax - 1).filter { step in
            (try? WholeFolder.remove(path(of: step), files: files)) != nil
        }
    }

    // MARK: Reading

    /// The steps that have a folder, newest first, whether or not their content is good.
    package func steps() throws(CheckpointFileError) -> [Int] {
        try files.names(in: folder).compactMap { name in
            Int(name).flatMap { $0 >= 0 && "\($0)" == name ? $0 : nil }
        }.sorted(by: >)
    }

    /// The newest checkpoint whose files all match its manifest, nil when there is none.
    ///
    /// - Parameter skipping: called for every newer checkpoint that was skipped, with its step and what is wrong with it.
    package func latestGood(
        skipping: (_ step: Int, _ fault: String) -> Void = { _, _ in }
    ) throws(CheckpointFileError) -> Checkpoint? {
        for step in try steps() {
            switch try verified(step) {
            case .good(let checkpoint): return checkpoint
            case .damaged(let fault): skipping(step, fault)
            }
        }
        return nil
    }

    /// The checkpoint at one step, nil when there is none there or it is damaged.
    package func checkpoint(at step: Int) throws(CheckpointFileError) -> Checkpoint? {
        guard case .good(let checkpoint) = try verified(step) else { return nil }
        return checkpoint
    }

    /// The records of all good checkpoints, newest first, each checked against its manifest.
    package func records() throws(CheckpointFileError) -> [CheckpointRecord] {
        var records: [CheckpointRecord] = []
        for step in try steps() {
            if case .good(let checkpoint) = try verified(step), let record = checkpoint.record {
                records.append(record)
            }
        }
        return records
    }

    private enum Verdict {
        case good(Checkpoint)
        case damaged(String)
    }

    private func verified(_ step: Int) throws(CheckpointFileError) -> Verdict {
        guard let text = try files.read("\(path(of: step))/\(CheckpointLayout.manifest)") else {
            return .damaged("manifest.json is missing")
        }
        guard var record = CheckpointEncoding.record(manifest: text, step: step) else {
            return .damaged("manifest.json can't be read")
        }
        var contents: [String: [UInt8]] = [:]
        for file in record.files {
            guard let bytes = try files.read("\(path(of: step))/\(file.name)") else {
                return .damaged("\(file.name) is missing")
            }
            guard bytes.count == file.bytes else {
                return .damaged("\(file.name) has \(bytes.count) bytes, the manifest says \(file.bytes)")
            }
            guard SHA256Digest.hex(of: bytes) == file.sha256 else {
                return .damaged("\(file.name) does not match its SHA-256")
            }
            contents[file.name] = bytes
        }
        guard let model = contents[CheckpointLayout.model].flatMap(CheckpointEncoding.arrays),
            let slots = contents[CheckpointLayout.optimizer].flatMap(CheckpointEncoding.arrays),
            let state = contents[CheckpointLayout.state].flatMap(CheckpointEncoding.state(parsing:)),
            state.globalStep == step
        else { return .damaged("a file's content can't be read") }
        let manifest = ManifestEntry(
            name: CheckpointLayout.manifest, bytes: text.count, sha256: SHA256Digest.hex(of: text))
        record.files.append(manifest)
        return .good(Checkpoint(step: step, variables: model, slots: slots, state: state, record: record))
    }
}
