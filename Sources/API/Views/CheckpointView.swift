package import Formats
package import Jobs

/// What is known of one checkpoint (an element of `checkpoints`).
package struct CheckpointView: WireValue, Hashable {
    /// The file of the model's variables, which every checkpoint has.
    package static let model = "model.safetensors"
    /// The file of ONNX, which is none of ``files``: it is made when it is asked for.
    package static let onnx = "model.onnx"

    /// The global step.
    package var step: Int
    /// The files' lengths in all.
    package var bytes: Int
    /// Its files.
    package var files: [CheckpointFile]
    /// When it was written.
    package var createdAt: Timestamp
    /// Why it has not been removed.
    package var keptBecause: String
    /// Whether its files are as they were recorded, as far as is known: GOOD or DAMAGED.
    package var state: CheckpointState

    /// Makes a checkpoint, a good one unless given otherwise.
    package init(
        step: Int, bytes: Int, files: [CheckpointFile], createdAt: Timestamp, keptBecause: String,
        state: CheckpointState = .good
    ) {
        self.step = step
        self.bytes = bytes
        self.files = files
        self.createdAt = createdAt
        self.keptBecause = keptBecause
        self.state = state
    }

    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        self.init(
            step: try wire.required("step").int(), bytes: try wire.required("bytes").int(),
            files: try wire.required("files").list(), createdAt: try wire.required("created_at").timestamp(),
            keptBecause: try wire.required("kept_because").string(),
            state: try wire.required("state").choice())
    }

    /// The JSON form.
    package var wire: JSON {
        [
            "step": JSON(step), "bytes": JSON(bytes), "files": .array(files.map(\.wire)),
            "created_at": .string(createdAt.rfc3339), "kept_because": .string(keptBecause),
            "state": .string(state.rawValue),
        ]
    }

    /// The schema of the JSON form.
    package static var schema: JSON {
        Schema.object([
            "step": Schema.integer(0...).means("The global step"),
            "bytes": Schema.integer(0...).means("The lengths of its files together"),
            "files": Schema.list(of: CheckpointFile.schema).means("Its files"),
            "created_at": Schema.timestamp.means("When it was written"),
            "kept_because": Schema.string.means(
                "Why it has not been removed: INTERVAL, FINAL, REQUEST, STOP, BEST or, for one that was the best, NEWEST"
            ),
            "state": Schema.words([CheckpointState.good, .damaged].map(\.rawValue)).means(
                "DAMAGED where its files are known not to be what was written"),
        ])
    }
}

/// A job's newest checkpoint (`latest_checkpoint`).
package struct LatestCheckpointView: WireValue, Hashable {
    /// The global step.
    package var step: Int
    /// The SHA-256 of its `model.safetensors` in lower-case hexadecimal.
    package var sha256: String

    /// Makes the view.
    package init(step: Int, sha256: String) {
        self.step = step
        self.sha256 = sha256
    }

    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        self.init(step: try wire.required("step").int(), sha256: try wire.required("sha256").string())
    }

    /// The JSON form.
    package var wire: JSON { ["step": JSON(step), "sha256": .string(sha256)] }

    /// The schema of the JSON form.
    package static var schema: JSON {
        Schema.object([
            "step": Schema.integer(0...).means("The global step"),
            "sha256": Schema.string.means("The SHA-256 of its model.safetensors in lower-case hexadecimal"),
        ])
    }
}
