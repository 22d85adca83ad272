package import Formats

/// Everything that a checkpoint holds, as values.
package struct Checkpoint: Sendable {
    /// The global step after which it was taken.
    package var step: Int
    /// The model's variables by name, `<layer>/<kernel|bias|…>`, replica 0's values.
    package var variables: [NamedArray]
    /// The optimizer's slots by name, `<variable>/<slot>` and the optimizer's own scalars.
    package var slots: [NamedArray]
    /// What besides arrays a continuation needs.
    package var state: SavedState
    /// The files that it was read from; nil for one that is about to be written.
    package var record: CheckpointRecord?

    /// Puts the parts together.
    package init(
        step: Int, variables: [NamedArray], slots: [NamedArray], state: SavedState,
        record: CheckpointRecord? = nil
    ) {
        self.step = step
        self.variables = variables
        self.slots = slots
        self.state = state
        self.record = record
    }
}

/// One array of a checkpoint file.
package struct NamedArray: Sendable {
    /// The name in the safetensors file.
    package var name: String
    /// Type, shape and bytes.
    package var array: NDArray

    /// An array under its name.
    package init(name: String, array: NDArray) {
        self.name = name
        self.array = array
    }
}

/// Why a checkpoint was written, as its manifest says.
package enum CheckpointReason: String, Sendable, Equatable {
    /// A multiple of `save_checkpoints_steps` was reached, or `save_checkpoints_secs` went by.
    case interval = "INTERVAL"
    /// It was requested while training went on.
    case request = "REQUEST"
    /// Training reached its last step.
    case final = "FINAL"
    /// Its evaluation is one of the best, at a step that has no other checkpoint.
    case best = "BEST"
    /// Training was asked to stop and to keep what it has, at a step where an undisturbed run has no checkpoint.
    case stop = "STOP"
}

/// A checkpoint as observers and listings get it: its files, their sizes and their digests.
public struct CheckpointRecord: Sendable, Equatable {
    /// The global step after which it was taken.
    public var step: Int
    /// The files of the checkpoint's folder, in the order in which they were written.
    package var files: [ManifestEntry]
    /// Why it was written; nil for one that is read back and whose manifest does not say.
    package var reason: CheckpointReason?

    /// All bytes of all files.
    public var bytes: Int { files.reduce(0) { $0 + $1.bytes } }

    /// The SHA-256 of `model.safetensors` in lower-case hexadecimal digits.
    package var modelSHA256: String? { files.first { $0.name == CheckpointLayout.model }?.sha256 }

    /// A record of a checkpoint at `step`.
    package init(step: Int, files: [ManifestEntry], reason: CheckpointReason?) {
        self.step = step
        self.files = files
        self.reason = reason
    }
}

/// One file of a checkpoint.
package struct ManifestEntry: Sendable, Equatable {
    /// The name inside the checkpoint's folder.
    package var name: String
    /// The size in bytes.
    package var bytes: Int
    /// SHA-256 of the content in lower-case hexadecimal digits.
    package var sha256: String

    /// A file's name, size and digest.
    package init(name: String, bytes: Int, sha256: String) {
        self.name = name
        self.bytes = bytes
        self.sha256 = sha256
    }
}

/// The names inside a `model_dir` (docs: model directory).
package enum CheckpointLayout {
    /// The folder of all checkpoints.
    package static let folder = "checkpoints"
    /// The model's variables.
    package static let model = "model.safetensors"
    /// The optimizer's slots.
    package static let optimizer = "optimizer.safetensors"
    /// Global step, data position, seed, and what was reported up to the step.
    package static let state = "state.json"
    /// Names, sizes and digests of the three others and why the checkpoint was written; itself written last.
    package static let manifest = "manifest.json"
    /// The file that carries the advisory lock.
    package static let lock = ".lock"
    /// What unfinished and removed folders are called: `.<step>.unfinished`.
    package static let unfinishedSuffix = ".unfinished"
}
