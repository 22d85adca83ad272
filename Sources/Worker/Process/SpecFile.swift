import Estimator
import Formats

/// The job's specification in its model folder, for people and programs that find the folder without the daemon.
enum SpecFile {
    /// Its name.
    static let name = "spec.json"

    /// Writes it under a temporary name, then gives it its own.
    /// - Throws: `CheckpointFileError` of the system call.
    static func write(_ spec: JSON, modelDirectory: String) throws(CheckpointFileError) {
        let files = POSIXCheckpointFiles()
        let unfinished = "\(modelDirectory)/.\(name).unfinished"
        try files.write(spec.serialized(pretty: true) + [10], to: unfinished)
        try files.rename(unfinished, to: "\(modelDirectory)/\(name)")
    }
}
