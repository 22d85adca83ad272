import Estimator
import Jobs
import Keras

/// Predicts, and writes what comes of it.
package enum PredictionRun {
    /// The name of the file in the model's folder.
    package static let fileName = "predictions.ndjson"

    /// Writes a line for each row of the input.
    ///
    /// - Returns: the file, which is whole and on the disk.
    /// - Throws: what predicting throws; `TrainingError` where the file can't be written.
    static func run(_ attempt: JobAttempt, modelDirectory: String, say: (String) -> Void) throws -> CheckpointFile? {
        guard let prediction = attempt.prediction else { return nil }
        var lines = prediction.lines
        do {
            let file = try DurableFile(fileName, in: modelDirectory)
            try attempt.estimator.predict(input: prediction.input, shards: prediction.shards) { batch in
                try file.append(try lines.lines { batch[$0] })
            }
            let entry = try file.finish()
            say("Wrote \(lines.count) predictions, \(entry.bytes) bytes.")
            return CheckpointFile(name: entry.name, bytes: entry.bytes, sha256: entry.sha256)
        } catch let error as CheckpointFileError {
            throw TrainingError(error, while: "writing \(fileName)")
        }
    }
}
