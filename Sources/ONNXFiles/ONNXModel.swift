import Formats
package import Graph

/// A program for prediction as an ONNX model (`model.onnx`), for batches of any number of rows.
///
/// The numbers of ONNX's operations are those of version 17 of its standard set, which onnxruntime has had since 1.12.
package struct ONNXModel: Sendable {
    /// The set of operations.
    package static let operationSet = 17
    /// The version of the file's form.
    private static let version = 8
    /// Bytes that a message of Protocol Buffers may have.
    private static let largest = Int(Int32.max)

    /// What is written beside the operations.
    package struct Description: Sendable {
        /// The model's name.
        package var name: String
        /// The names of the program's inputs, in order.
        package var inputs: [String]
        /// The names of the program's outputs, in order.
        package var outputs: [String]
        /// What else is said of the model, by name.
        package var metadata: KeyValuePairs<String, String>

        /// A description.
        package init(name: String, inputs: [String], outputs: [String], metadata: KeyValuePairs<String, String> = [:]) {
            self.name = name
            self.inputs = inputs
            self.outputs = outputs
            self.metadata = metadata
        }
    }

    /// The file.
    package let bytes: [UInt8]

    /// Writes a program.
    ///
    /// - Parameters:
    ///   - program: builds the program for batches of so many rows; called for two numbers of rows.
    ///   - variable: the bytes of a variable's value; nil where there is none.
    /// - Throws: what `program` throws; ``ONNXError`` for what ONNX's operations can't say.
    package init(
        _ description: Description, variable: (Variable) throws -> [UInt8]?, program: (_ rows: Int) throws -> Program
    ) throws {
        let (one, other) = (try program(BatchShape.rows.0), try program(BatchShape.rows.1))
        guard one.nodes.count == other.nodes.count, one.infeed.count == description.inputs.count,
            one.outfeed.count == description.outputs.count
        else { throw ONNXError(layer: nil, "is not the same for batches of every size") }
        var writer = ProgramWriter(one, other, inputs: description.inputs)
        let results = try writer.write(variable: variable)
        var graph = writer.graph
        var outputs: [[UInt8]] = []
        for (place, name) in description.outputs.enumerated() {
            graph.add("Identity", [results[place]], result: name)
            let value = one.outfeed[place].value
            outputs.append(ONNXValue.bytes(name, one[value].type.dtype, try writer.shape(value).known))
        }
        let inputs = try one.infeed.indices.map { place in
            guard let shape = BatchShape(one.infeed[place].shape, other.infeed[place].shape) else {
                throw ONNXError(layer: nil, "has an input whose shape does not follow the batch")
            }
            return ONNXValue.bytes(description.inputs[place], one.infeed[place].dtype, shape.known)
        }
        bytes = try Self.bytes(description, graph, inputs, outputs)
    }

    private static func bytes(
        _ description: Description, _ graph: ONNXGraph, _ inputs: [[UInt8]], _ outputs: [[UInt8]]
    ) throws(ONNXError) -> [UInt8] {
        var body = ProtobufWriter()
        for node in graph.nodes { body.add(1, bytes: node) }
        body.add(2, text: description.name)
        for tensor in graph.tensors { body.add(5, bytes: tensor) }
        for input in inputs { body.add(11, bytes: input) }
        for output in outputs { body.add(12, bytes: output) }
        var model = ProtobufWriter()
        model.add(1, integer: Int64(version))
        model.add(2, text: "tpud")
        model.add(7, bytes: body.bytes)
        model.add(8) { $0.add(2, integer: Int64(operationSet)) }
        for (name, value) in description.metadata {
            model.add(14) {
                $0.add(1, text: name)
                $0.add(2, text: value)
            }
        }
        guard model.bytes.count <= largest else {
            throw ONNXError(layer: nil, "takes \(model.bytes.count) bytes, and a file of ONNX has \(largest) at most")
        }
        return model.bytes
    }
}
