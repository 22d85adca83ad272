import Graph
import Testing

struct GraphBuilderTests {
    @Test func namesNodesAsTensorFlow() throws {
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, [2, 3]), name: "x")
        let names = builder.withScope("dense") {
            let kernel = builder.variable("kernel", shape: [3, 3])
            let y = x.matmul(kernel.value)
            return [y.relu(), y.relu(), y.sigmoid()]
        }
        let again = builder.withScope("dense") { -x }
        #expect(
            names.compactMap(\.id).map { builder.program[$0].name } == ["dense/Relu", "dense/Relu_1", "dense/Sigmoid"])
        #expect(again.id.map { builder.program[$0].name } == "dense_1/Neg")
        #expect(builder.variables.map(\.name) == ["dense/kernel"])
        #expect(builder.program.nodes.contains { $0.name == "dense/kernel/read" })
    }

    @Test func readsAVariableOnce() {
        let builder = GraphBuilder()
        let variable = builder.variable("v", shape: [2])
        #expect(variable.value.id == variable.value.id)
    }

    @Test func makesBroadcastingExplicit() throws {
        let builder = GraphBuilder()
        let a = builder.infeed(TensorType(.float32, [2, 1]))
        let b = builder.infeed(TensorType(.float32, [3]))
        #expect((a + b).shape == [2, 3])
        #expect((1 - a).shape == [2, 1])
        #expect((a .> 0).select(a, b).shape == [2, 3])
        #expect(builder.program.contains(.broadcast))
        try Verifier.verify(builder.program)
    }

    @Test func infersAFreeExtent() {
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, [4, 6]))
        #expect(x.reshape(to: [3, -1]).shape == [3, 8])
        #expect(x.expandDimensions(at: -1).shape == [4, 6, 1])
        #expect(x.reduceMean(axes: [-1], keepDimensions: true).shape == [4, 1])
        #expect(x.softmax(axis: 0).shape == [4, 6])
        #expect(builder.error == nil)
    }

    /// Each thing that a model can do wrong, with the code it is told.
    private static let faults: [(String, GraphError.Code, @Sendable (GraphBuilder, Tensor) -> Void)] = [
        ("shapes", .shapeMismatch, { builder, x in _ = x + builder.constant(0, shape: [5]) }),
        ("types", .typeMismatch, { builder, x in _ = x + builder.constant(1, dtype: .int64) }),
        ("inner extents", .shapeMismatch, { _, x in _ = x.matmul(x) }),
        ("axis", .invalidAxis, { _, x in _ = x.reduceSum(axes: [2]) }),
        ("axis twice", .invalidAxis, { _, x in _ = x.reduceSum(axes: [0, -2]) }),
        ("reshape", .shapeMismatch, { _, x in _ = x.reshape(to: [4, -1]) }),
        ("two free extents", .shapeMismatch, { _, x in _ = x.reshape(to: [-1, -1]) }),
        ("negative extent", .shapeMismatch, { _, x in _ = x.reshape(to: [-2, -3]) }),
        ("squeeze", .shapeMismatch, { _, x in _ = x.squeeze(at: 0) }),
        ("split", .invalidArgument, { _, x in _ = x.split(sizes: [1, 1], axis: 1) }),
        ("tile", .invalidArgument, { _, x in _ = x.tiled([-1, 1]) }),
        ("slice", .invalidArgument, { _, x in _ = x.slice(1..<9, axis: 1) }),
        ("pad", .invalidArgument, { _, x in _ = x.padded(low: [1], high: [1]) }),
        ("stack of nothing", .wrongOperandCount, { builder, _ in _ = builder.stack([]) }),
        ("concatenation of nothing", .wrongOperandCount, { builder, _ in _ = builder.concatenate([], axis: 0) }),
        ("norm of nothing", .wrongOperandCount, { builder, _ in _ = builder.globalNorm([]) }),
        ("constant", .invalidArgument, { builder, _ in _ = builder.constant([1, 2], shape: [3]) }),
        (
            "huge constant", .invalidArgument,
            { builder, _ in _ = builder.constant([1], shape: [.max, .max]).flattened() }
        ),
        ("impossible shape", .shapeMismatch, { builder, _ in _ = builder.constant(1, shape: [-3]) }),
        ("labels", .shapeMismatch, { _, x in _ = x.sparseSoftmaxCrossEntropy(labels: x) }),
        ("other builder", .foreignTensor, { _, x in _ = x + GraphBuilder().constant(1, shape: [2, 3]) }),
        ("same name", .duplicate, { builder, _ in for _ in 0..<2 { _ = builder.variable("v") } }),
        (
            "assigned twice", .duplicate,
            { builder, _ in
                let variable = builder.variable("v")
                variable.assign(variable.assign(variable.value + 1) + 1)
            }
        ),
        ("wrong assignment", .shapeMismatch, { builder, x in builder.variable("v").assign(x) }),
        ("integers to train", .invalidArgument, { builder, _ in _ = builder.variable("v", dtype: .int64) }),
        (
            "literal's type", .typeMismatch,
            { builder, _ in
                _ = builder.variable("v", initializer: .literal(.splat(1, TensorType(.float32, [2]))))
            }
        ),
        (
            "gradient of integers", .typeMismatch,
            { builder, x in
                _ = builder.gradients(of: x.argMax(), withRespectTo: [x])
            }
        ),
    ]

    @Test func recordsTheFirstFaultAndThrowsItAtTheEnd() {
        for (name, code, make) in Self.faults {
            let builder = GraphBuilder()
            let x = builder.infeed(TensorType(.float32, [2, 3]))
            make(builder, x)
            let error = #expect(throws: GraphError.self, "\(name)") { try builder.finish() }
            #expect(error?.code == code, "\(name): \(String(describing: error))")
            #expect(error?.op.isEmpty == false, "\(name)")
        }
    }

    @Test func goesOnBehindAFault() throws {
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, [2, 3]))
        let wrong = builder.withScope("layer") { x.matmul(x) }
        _ = (wrong + 1).relu().reduceMean().softmax()
        let gradients = builder.gradients(of: wrong.reduceSum(), withRespectTo: [x])
        #expect(gradients.count == 1)
        #expect(builder.error?.node == "layer/MatMul")
        #expect(builder.error?.op == "dot")
        #expect(builder.error?.description.hasPrefix("shapeMismatch at dot 'layer/MatMul': the inner extents") == true)
    }

    @Test func refusesResultsOfOthersAndLossesThatAreNone() {
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, [2, 3]))
        #expect(throws: GraphError.self) { try builder.finish(loss: x) }
        #expect(throws: GraphError.self) { try builder.finish(loss: GraphBuilder().constant(1)) }
        #expect(throws: GraphError.self) { try builder.finish(outfeed: [("x", x), ("x", x)]) }
        #expect(throws: Never.self) { try builder.finish(loss: x.reduceMean(), outfeed: [("x", x)]) }
    }

    /// What is built inside of it starts from other values of variables, what is built behind it does not.
    @Test func readsOtherValuesForAWhile() throws {
        let builder = GraphBuilder()
        let (a, b) = (builder.variable("a"), builder.variable("b"))
        let start = a.value.id
        let other = builder.constant(2)
        let inside = builder.withValues([(a, other)]) { (a.value.id, b.value.id) }
        #expect(inside.0 == other.id)
        #expect(inside.1 == b.value.id)
        #expect(a.value.id == start)
        #expect(builder.error == nil)
        builder.withValues([(a, builder.constant(1, dtype: .int64))]) {}
        #expect(builder.error?.code == .typeMismatch)
    }

    /// The last change counts, and who used the assigned value before goes on with that.
    @Test func changesAnAssignment() throws {
        let builder = GraphBuilder()
        let (a, b) = (builder.variable("a"), builder.variable("b"))
        b.assign(a.assign(builder.constant(1)) + 1)
        builder.reassign(a) { $0 * 3 }
        builder.reassign(a) { $0 + 4 }
        let untouched = builder.variable("c")
        builder.reassign(untouched) { $0 * 5 }
        let program = try builder.finish()
        #expect(program.assignments.count == 2)
        let assigned = program.assignments.map { program[$0].op }
        #expect(assigned == [.assign(variable: 0), .assign(variable: 1)])
        #expect(program[program[program.assignments[0]].operands[0]].op == .binary(.add))
        a.assign(builder.constant(2))
        #expect(builder.error?.code == .duplicate)
    }

    /// However often an assignment is changed, what is stored went through the constraint last, and once.
    @Test func constrainsAChangedAssignment() throws {
        let builder = GraphBuilder()
        let a = builder.variable("a", constraint: { $0.maximum(0) })
        a.assign(builder.constant(1))
        builder.reassign(a) { $0 - 2 }
        builder.reassign(a) { $0 * 3 }
        let program = try builder.finish()
        let stored = program[program[program.assignments[0]].operands[0]]
        #expect(stored.op == .binary(.maximum))
        // The change's own value, not one that was constrained before.
        let changed = program[stored.operands[0]]
        #expect(changed.op == .binary(.multiply))
        #expect(program[changed.operands[0]].op == .binary(.subtract))
    }

    @Test func stopsGradients() throws {
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, [2]))
        let y = (x * x.stopGradient()).reduceSum()
        let gradient = builder.gradients(of: y, withRespectTo: [x])
        let program = try builder.finish(outfeed: [("gradient", gradient[0])])
        // d (x · c) / dx = c: a product and no sum of two.
        #expect(!program.nodes.contains { $0.op == .binary(.add) })
    }

    @Test func findsACrossReplicaSum() throws {
        #expect(try ExamplePrograms.classifier().contains(.crossReplicaSum))
        let builder = GraphBuilder()
        _ = builder.infeed(TensorType(.float32, [2]))
        #expect(try !builder.finish().contains(.crossReplicaSum))
    }
}
