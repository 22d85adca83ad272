import Formats
import Graph
import ONNXFiles
import Testing

/// Programs as files of ONNX; whether other programs understand them is tested with onnxruntime, on the real binary.
@Suite struct ONNXModelTests {
    private struct Broken: Error {}

    private func program(_ rows: Int, _ build: (GraphBuilder, Tensor) -> Tensor) throws -> Program {
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, [rows, 4]), name: "x")
        return try builder.finish(outfeed: [("y", build(builder, x))])
    }

    private func model(
        variable: (Variable) throws -> [UInt8]? = { [UInt8](repeating: 0, count: $0.type.byteCount) },
        _ build: (GraphBuilder, Tensor) -> Tensor
    ) throws -> [UInt8] {
        try ONNXModel(
            ONNXModel.Description(name: "m", inputs: ["rows"], outputs: ["scores"], metadata: ["global_step": "7"]),
            variable: variable, program: { try program($0, build) }
        ).bytes
    }

    private func dense(_ builder: GraphBuilder, _ x: Tensor) -> Tensor {
        let kernel = builder.variable("dense/kernel", shape: [4, 3])
        let bias = builder.variable("dense/bias", shape: [3], initializer: .zeros)
        return (x.matmul(kernel.value) + bias.value).relu()
    }

    private func graph(_ bytes: [UInt8]) throws -> ProtobufMessage { try ProtobufMessage(bytes).message(7) }

    private func operations(_ bytes: [UInt8]) throws -> [String] {
        try graph(bytes).bytes(1).map { try ProtobufMessage($0).text(4) }
    }

    /// Names, the batch without a number, the variables as they are, the set of operations.
    @Test func whatAFileHas() throws {
        let bytes = try model { dense($0, $1) }
        #expect(try bytes == model { dense($0, $1) }, "the same model gives the same bytes")
        let file = try ProtobufMessage(bytes)
        #expect(file.integer(1) == 8 && file.text(2) == "tpud")
        #expect(try file.message(8).integer(2) == UInt64(ONNXModel.operationSet))
        #expect(try file.message(14).text(1) == "global_step" && file.message(14).text(2) == "7")
        let graph = try graph(bytes)
        #expect(graph.text(2) == "m")
        #expect(try operations(bytes) == ["MatMul", "Add", "Relu", "Identity"])
        let tensors = try graph.bytes(5).map { try ProtobufMessage($0) }
        #expect(tensors.map { $0.text(8) }.filter { $0.contains("dense") } == ["dense/kernel", "dense/bias"])
        for (field, name, extent) in [(11, "rows", UInt64(4)), (12, "scores", 3)] {
            let value = try graph.message(field)
            #expect(value.text(1) == name)
            let tensor = try value.message(2).message(1)
            #expect(tensor.integer(1) == 1)
            let dimensions = try tensor.message(2).bytes(1).map { try ProtobufMessage($0) }
            #expect(dimensions.map { $0.text(2) } == ["batch", ""] && dimensions.map { $0.integer(1) } == [0, extent])
        }
    }

    /// What only training needs is left out.
    @Test func whatIsNotHandedOut() throws {
        let bytes = try model { builder, x in
            _ = x.exp().reduceSum()
            return x.tanh()
        }
        #expect(try operations(bytes) == ["Tanh", "Identity"])
    }

    /// The rows of the batch are asked for where a shape needs them, and once.
    @Test func shapesThatFollowTheBatch() throws {
        let bytes = try model { builder, x in
            let rows = x.shape[0]
            let folded = x.reshape(to: [2 * rows, 2])
            return builder.concatenate([folded, builder.constant(1, shape: [2 * rows, 1])], axis: 1).reshape(to: [
                rows, 6,
            ])
        }
        let found = try operations(bytes)
        #expect(found.count { $0 == "Shape" } == 1)
        #expect(found.count { $0 == "Reshape" } == 2 && found.count { $0 == "Expand" } == 1)
    }

    @Test func whatIsRefused() throws {
        func refusal(_ build: (GraphBuilder, Tensor) -> Tensor) -> ONNXError? {
            do {
                _ = try model(build)
                return nil
            } catch { return error as? ONNXError }
        }
        let random = refusal { builder, x in
            let draw = builder.constant(Literal(type: .scalar(.int64), integers: [1]))
            return x + builder.randomUniform(shape: x.type.shape, seed: 3, counter: draw)
        }
        #expect(random?.detail.contains("random numbers") == true, "\(String(describing: random))")
        let size = refusal { builder, x in x * Double(x.shape[0]) }
        #expect(size?.detail == "has numbers that depend on the size of the batch")
        #expect(size.map { "\($0)".hasPrefix("layer ") } == true)
        let rows = refusal { _, x in x.slice(1..<x.shape[0], axis: 0) }
        #expect(rows?.detail.contains("some rows of the batch") == true, "\(String(describing: rows))")
        let other = refusal { _, x in x.shape[0] == 2 ? x.exp() : x.tanh().exp() }
        #expect(other?.layer == nil)
        #expect(throws: Broken.self) { try model(variable: { _ in throw Broken() }) { dense($0, $1) } }
        #expect(throws: ONNXError.self) { try model(variable: { _ in nil }) { dense($0, $1) } }
    }
}
