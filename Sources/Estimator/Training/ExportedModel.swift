import Formats
import Graph

/// A model for use elsewhere, as the bytes of its files: the same model gives the same bytes.
struct ExportedModel {
    /// What the files are called.
    enum Layout {
        /// The variables.
        static let variables = CheckpointLayout.model
        /// What the model takes, gives and holds.
        static let description = "model.json"
    }

    /// The files in the order in which they are written.
    let files: [(name: String, bytes: [UInt8])]

    /// What a model function built for prediction, with these values of its variables.
    ///
    /// - Throws: ``TrainingError/variableMissing(name:)``, ``TrainingError/variableMismatch(name:found:expected:)``.
    init(_ build: WrappedModelFunction.Build, _ start: StartingPoint) throws {
        let variables = build.program.modelVariables
        let arrays = try variables.map { variable throws(TrainingError) in
            NamedArray(name: variable.name, array: try variable.array(in: start.variables))
        }
        let bytes = CheckpointEncoding.safetensors(arrays)
        let features = try build.input.types().features
        let names = features.names.isEmpty ? ["features"] : features.names
        let spec = build.spec
        let outputs = spec.exportOutputs.isEmpty ? spec.predictions : spec.exportOutputs
        let description: JSON = [
            "version": 1,
            "global_step": JSON(start.globalStep),
            "inputs": .array(
                zip(names, features.elements).map {
                    Self.entry($0, $1.dtype, [.null] + $1.shape.dimensions.map { JSON($0) })
                }),
            "outputs": .array(
                outputs.map { name, tensor in
                    Self.entry(
                        name, tensor.dtype,
                        tensor.shape.dimensions.enumerated().map { axis, size in axis == 0 ? .null : JSON(size) })
                }),
            "variables": .array(
                variables.map { Self.entry($0.name, $0.type.dtype, $0.type.shape.dimensions.map { JSON($0) }) }),
            "files": [
                [
                    "name": JSON(Layout.variables), "bytes": JSON(bytes.count),
                    "sha256": JSON(SHA256Digest.hex(of: bytes)),
                ]
            ],
        ]
        files = [(Layout.variables, bytes), (Layout.description, description.serialized(pretty: true))]
    }

    /// A tensor in the description; the batch's axis is null.
    private static func entry(_ name: String, _ type: DType, _ shape: [JSON]) -> JSON {
        ["name": JSON(name), "type": JSON(type.rawValue), "shape": .array(shape)]
    }
}
