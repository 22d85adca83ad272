import Executor
import Formats

extension TPUEstimator {
    /// Writes a model for use elsewhere, as one folder that appears whole or not at all (TensorFlow: `export_savedmodel`): in
    /// `model.safetensors` the variables that predict, in `model.json` what they are, what the model takes and what it gives.
    ///
    /// - Parameters:
    ///   - directory: the folder above, which need not exist; the model's own is called as the global step, and takes the place
    ///     of one of that name.
    ///   - input: the input function that the model is to predict from: its features are what the model takes. It is called,
    ///     and gives no row.
    ///   - checkpoint: the step of the checkpoint that is exported; nil, the default: the newest good one.
    /// - Returns: the path of the model's folder.
    /// - Throws: as ``predict(input:checkpoint:_:)``.
    @discardableResult
    public func exportModel(to directory: String, input: any CallableInput, checkpoint: Int? = nil) throws -> String {
        try TPUContext.checkPositive(input.ownBatchSize, "batch_size")
        let start = try variablesToUse(checkpoint)
        let called = try callInput(input, mode: .predict, rows: input.ownBatchSize, dropRemainder: false)
        let build = try wrappedModelFunction(mode: .predict, options: inputOptions(hosts: nil))(
            features: called, scope: VariableScope(tracer: tracer), rows: input.ownBatchSize)
        let model = try ExportedModel(build, start)
        do throws(CheckpointFileError) {
            let name = "\(start.globalStep)"
            let folder = try WholeFolder(name, in: directory, files: checkpointFiles)
            for file in model.files { try folder.write(file.bytes, as: file.name) }
            try folder.publish()
            return "\(directory)/\(name)"
        } catch {
            throw TrainingError(error, while: "exporting a model")
        }
    }
}
