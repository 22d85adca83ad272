import Graph
import Testing

struct TensorNetworksTests {
    private let builder = GraphBuilder()

    private func infeed(_ dimensions: Int..., dtype: DType = .float32) -> Tensor {
        builder.infeed(TensorType(dtype, Shape(dimensions)))
    }

    private func kinds(behind count: Int) -> [Op.Kind] { builder.program.nodes[count...].map(\.op.kind) }

    @Test func equalBatchAxesMultiplyAsTheyAre() {
        #expect(infeed(7, 2, 5).matmul(infeed(7, 5, 3)).shape == [7, 2, 3])
        #expect(infeed(2, 5).matmul(infeed(5, 3)).shape == [2, 3])
        #expect(kinds(behind: 2) == [.dot, .infeed, .infeed, .dot])
    }

    @Test func batchAxesStretchAndTheMatricesDoNot() {
        #expect(infeed(1, 4, 2, 5).matmul(infeed(3, 1, 5, 1)).shape == [3, 4, 2, 1])
        #expect(infeed(2, 5).matmul(infeed(6, 5, 3)).shape == [6, 2, 3])
        #expect(infeed(5, 2).matmul(infeed(6, 3, 5), transposeA: true, transposeB: true).shape == [6, 2, 3])
        #expect(infeed(1, 2, 5).matmul(infeed(0, 5, 3)).shape == [0, 2, 3])
        #expect(builder.error == nil)
    }

    /// Forwards and backwards, products take rounded operands, and their results are rounded before anything uses them.
    @Test func productsInBFloat16() throws {
        let (x, w, filter) = (infeed(2, 5, 3), infeed(3, 4), infeed(2, 4, 4))
        let y = builder.withProducts(inBFloat16: true) {
            x.reshape(to: [10, 3]).matmul(w).reshape(to: [2, 5, 4]).convolution(filter).tanh()
        }
        let gradients = builder.gradients(of: y.reduceSum(), withRespectTo: [x, w, filter])
        let program = try Passes.run(
            [Passes.algebra, Passes.deadCode],
            on: builder.finish(outfeed: gradients.enumerated().map { ("\($0.offset)", $0.element) }))
        let products: Set<Op.Kind> = [
            .dot, .convolution, .convolutionInputGradient, .convolutionFilterGradient,
        ]
        func isRounded(_ id: ValueID) -> Bool {
            let node = program[id]
            if case .reshape = node.op { return isRounded(node.operands[0]) }
            return node.op == .unary(.roundToBFloat16)
        }
        #expect(program.nodes.filter { products.contains($0.op.kind) }.count == 6)
        for node in program.nodes {
            for operand in node.operands {
                if products.contains(node.op.kind) { #expect(isRounded(operand), "\(node.name)") }
                guard products.contains(program[operand].op.kind) else { continue }
                let isRounding = node.op == .unary(.roundToBFloat16) || node.op.kind == .reshape
                #expect(isRounding, "\(node.name) uses \(program[operand].name)")
            }
        }
        #expect(infeed(2, 3).matmul(infeed(3, 4)).id != nil)
        #expect(builder.program.nodes.last?.op.kind == .dot, "behind the body products are as before")
    }

    @Test func batchAxesThatDisagree() {
        #expect(infeed(3, 4, 5).matmul(infeed(2, 5, 6)).id == nil)
        let detail = "the batch axes of float32[3,4,5] and float32[2,5,6] don't broadcast"
        #expect(builder.error == GraphError(.shapeMismatch, detail, op: "dot"))
    }

    @Test func vectorsAreNotMatrices() {
        #expect(infeed(5).matmul(infeed(5, 3)).id == nil)
        #expect(
            builder.error
                == GraphError(
                    .shapeMismatch,
                    "float32[5] and float32[5,3] are not matrices, or differ in their batch axes", op: "dot",
                    node: "MatMul"))
        let other = GraphBuilder()
        _ = other.infeed(TensorType(.float32, [2, 5])).matmul(other.infeed(TensorType(.float32, [5])))
        #expect(other.error?.code == .shapeMismatch)
    }

    /// The last axis needs no transpose, any other is swapped with it and back.
    @Test func softmaxAlongAnyAxis() {
        let x = infeed(2, 3, 4)
        for axis in [-1, 2] {
            let count = builder.program.nodes.count
            #expect(x.softmax(axis: axis).shape == x.shape)
            #expect(kinds(behind: count) == [.softmax])
        }
        let count = builder.program.nodes.count
        #expect(x.logSoftmax(axis: 0).shape == x.shape)
        #expect(
            builder.program.nodes[count...].map(\.op) == [
                .transpose(permutation: [2, 1, 0]), .logSoftmax, .transpose(permutation: [2, 1, 0]),
            ])
        #expect(builder.error == nil)
    }

    @Test func softmaxOfAScalar() {
        #expect(infeed().softmax().id == nil)
        #expect(builder.error == GraphError(.invalidAxis, "float32[] has no axis -1", op: "softmax"))
    }

    @Test func aCrossEntropyHasTheLabelsShape() {
        let labels = infeed(2, 3, dtype: .int32)
        #expect(infeed(2, 3, 5).sparseSoftmaxCrossEntropy(labels: labels).type == TensorType(.float32, [2, 3]))
        #expect(infeed(5).sparseSoftmaxCrossEntropy(labels: infeed(dtype: .uint8)).shape == .scalar)
        #expect(infeed(0, 5).sparseSoftmaxCrossEntropy(labels: infeed(0, dtype: .int64)).shape == [0])
        #expect(builder.error == nil)
    }

    @Test(arguments: [([4, 3], [3]), ([4, 3], [4, 3]), ([4, 3], []), ([], [])])
    func labelsThatDoNotFit(logits: [Int], labels: [Int]) {
        let logits = builder.infeed(TensorType(.float32, Shape(logits)))
        let labels = builder.infeed(TensorType(.int64, Shape(labels)))
        #expect(logits.sparseSoftmaxCrossEntropy(labels: labels).id == nil)
        let detail = "labels \(labels.type) don't name a class for each row of \(logits.type)"
        #expect(builder.error == GraphError(.shapeMismatch, detail, op: "sparseSoftmaxCrossEntropy"))
    }

    @Test func activationsKeepTheType() {
        let x = infeed(2, 3, dtype: .float64)
        let made = [
            x.relu(), x.relu6(), x.leakyRelu(), x.elu(alpha: 0.5), x.selu(), x.sigmoid(), x.tanh(), x.softplus(),
            x.softsign(), x.silu(), x.gelu(), x.gelu(isApproximate: true),
        ]
        #expect(made.allSatisfy { $0.type == x.type })
        #expect(builder.error == nil)
    }

    /// The two forms of gelu are told apart by their function.
    @Test func geluIsByTheErrorFunctionUnlessAsked() {
        _ = infeed(2).gelu()
        #expect(builder.program.nodes.contains { $0.op == .unary(.erf) })
        #expect(!builder.program.nodes.contains { $0.op == .unary(.tanh) })
        let other = GraphBuilder()
        _ = other.infeed(TensorType(.float32, [2])).gelu(isApproximate: true)
        #expect(other.program.nodes.contains { $0.op == .unary(.tanh) })
    }
}
