import Estimator
import Formats
import Graph
import ONNXFiles

extension JobDefinition {
    /// The job's model as it predicts, with the variables of one of its own checkpoints, as a file of ONNX: the same checkpoint
    /// gives the same bytes.
    ///
    /// - Parameters:
    ///   - modelDirectory: the job's folder.
    ///   - step: the checkpoint's.
    /// - Throws: ``ModelExportError``; `CheckpointFileError` where the checkpoint can't be read; what building the program throws.
    package func onnxModel(modelDirectory: String, step: Int) throws -> [UInt8] {
        guard let checkpoint = try CheckpointStore(modelDirectory: modelDirectory).checkpoint(at: step) else {
            throw ModelExportError(description: "the checkpoint of step \(step) is not there, or is damaged")
        }
        guard let input = training?.input ?? evaluation?.input ?? prediction else {
            throw ModelExportError(description: "the job has no input")
        }
        let arrays = NamedArray.dictionary(checkpoint.variables)
        let building = ProgramBuilding(
            modelFunction: modelFunction, params: params, features: input.features, labels: nil)
        do {
            return try ONNXModel(
                ONNXModel.Description(
                    name: model.name, inputs: model.inputs.map(\.name), outputs: outputs.map(\.name),
                    metadata: ["global_step": "\(step)"]),
                variable: { arrays[$0.name]?.bytes },
                program: { rows in
                    var program = try building.build(
                        mode: .predict, coreBatchSize: rows, shards: 1, isOnTPU: false, isOptimized: false
                    ).program
                    // In the order of the outputs, whatever the model function's.
                    program.outfeed = outputs.compactMap { output in
                        program.outfeed.first { $0.name == output.predictionsName }
                    }
                    return program
                }
            ).bytes
        } catch let error as ONNXError {
            throw ModelExportError(description: "\(error)")
        }
    }
}

/// Why a job's model can't be exported, in a sentence without its full stop.
package struct ModelExportError: Error, CustomStringConvertible {
    /// The sentence.
    package let description: String
}
