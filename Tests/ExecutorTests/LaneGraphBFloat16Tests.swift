import Executor
import Graph
import TestSupport
import Testing

/// Products of bfloat16 against the definition. Operands are small whole numbers, so that every sum is exact in float32
/// whatever its order, and only the rounding of the result is left to agree on, to the bit.
struct LaneGraphBFloat16Tests {
    private static let products: [Op.Kind] = [
        .dot, .convolution, .convolutionInputGradient, .convolutionFilterGradient,
    ]

    @Test(arguments: products) func agreesOverSmallShapes(kind: Op.Kind) throws {
        var random = SeededGenerator(seed: 1)
        let cases = try #require(OpCases.small(kind)).filter(Self.isSingle)
        #expect(cases.contains { $0.operands.contains { $0.type.count == 0 } })
        for one in cases { try check(one, on: ExecutorUnderTest.all[1], &random, "\(kind)") }
    }

    @Test(arguments: products, ExecutorUnderTest.all.dropFirst())
    func agreesOverLargeShapes(kind: Op.Kind, executor: ExecutorUnderTest) throws {
        for seed in UInt64(0)..<3 {
            var random = SeededGenerator(seed: seed)
            let cases = try #require(OpCases.large(kind, &random)).filter(Self.isSingle)
            for one in cases { try check(one, on: executor, &random, "\(kind), seed \(seed)") }
        }
    }

    private static func isSingle(_ one: OpCases) -> Bool { one.operands[0].type.dtype == .float32 }

    /// Rounded operands give the rounded result, as it is and read by what computes with float32.
    private func check(
        _ one: OpCases, on executor: ExecutorUnderTest, _ random: inout SeededGenerator, _ comment: String
    ) throws {
        let operands = one.operands.map { operand in
            Literal(type: operand.type, integers: (0..<operand.type.count).map { _ in Int64(random.below(13)) - 6 })
        }
        func results(_ executor: ExecutorUnderTest) throws -> [[Literal]] {
            try OneStep.results(executor, operands) { tensors in
                let rounded = tensors.map { $0.roundedToBFloat16() }
                return one.ops.flatMap { op in
                    let product = rounded[0].builder.add(op, rounded)
                    let result = product.roundedToBFloat16()
                    return [product, result, result.relu() + result, result.reduceSum(axes: [0])]
                }
            }
        }
        let (found, expected) = (try results(executor), try results(ExecutorUnderTest.all[0]))
        for (place, (a, b)) in zip(found.joined(), expected.joined()).enumerated() where a != b {
            Issue.record(
                """
                \(comment) of \(one.operands.map(\.type)) by \(one.ops), value \(place): found \(a.bytes) where the \
                definition has \(b.bytes); operands \(operands.map(\.bytes))
                """)
        }
        #expect(found.count == expected.count)
    }

    // MARK: What is kept how

    /// The instructions of a dense layer's training step with a hidden layer.
    private func instructions(multipliesBFloat16: Bool) throws -> [String] {
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, [64, 8]))
        let first = builder.variable("first", shape: [8, 16])
        let second = builder.variable("second", shape: [16, 16])
        func dense(_ x: Tensor, _ kernel: GraphVariable) -> Tensor {
            x.roundedToBFloat16().matmul(kernel.value.roundedToBFloat16()).roundedToBFloat16()
        }
        let loss = dense(dense(x, first).relu(), second).reduceMean()
        for (variable, gradient) in zip(
            [first, second], builder.gradients(of: loss, withRespectTo: [first, second]))
        {
            variable.assignSubtract(gradient.crossReplicaSum() * 0.1)
        }
        var options = ExecutorOptions(threads: 2, lanes: 2)
        options.isProfiled = true
        options.multipliesBFloat16 = multipliesBFloat16
        let executor = try LaneExecutor(program: builder.finish(loss: loss), options: options)
        try executor.feed([bytes([Float](repeating: 1, count: 64 * 8))])
        try #require(executor.run(iterations: 1).stepsRun == 1)
        return try #require(executor.takeProfile()).regions.flatMap { $0.instructions.map(\.description) }
    }

    @Test func productsWriteWhatIsOnlyReadRounded() throws {
        guard ExecutorOptions().multipliesBFloat16 else { return }
        let found = try instructions(multipliesBFloat16: true)
        // The first layer's result and the gradient of what it hands on.
        #expect(found.count { $0.hasPrefix("dot: bfloat16[64,16]") } >= 2, "\(found)")
        // Sums over the batch stay float32: lanes' parts are added up.
        #expect(found.contains { $0.hasPrefix("dot: float32[8,16]") }, "\(found)")
    }

    @Test func theOptimizersPassWritesTheCopiesOfWeights() throws {
        guard ExecutorOptions().multipliesBFloat16 else { return }
        let found = try instructions(multipliesBFloat16: true)
        for (type, name) in [("bfloat16[8,16]", "first"), ("bfloat16[16,16]", "second")] {
            let writers = found.filter { $0.contains(type) && $0.contains(name) }
            #expect(writers.count == 1 && writers[0].contains("subtract"), "\(found)")
            #expect(writers.allSatisfy { $0.contains("convert") }, "\(found)")
        }
        // What else is narrowed are rows.
        #expect(!found.contains { $0.hasPrefix("convert: ") && !$0.contains("[64,") }, "\(found)")
    }

    /// Weights that are updated, and written from outside between two runs, as from a checkpoint; small whole numbers.
    @Test func copiesOfWeightsFollowThem() throws {
        guard ExecutorOptions().multipliesBFloat16 else { return }
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, [16, 8]))
        let moving = builder.variable("moving", shape: [8, 8])
        let frozen = builder.variable("frozen", shape: [8, 8])
        let hidden = x.roundedToBFloat16().matmul(moving.value.roundedToBFloat16()).roundedToBFloat16()
        let loss = hidden.matmul(frozen.value.roundedToBFloat16()).roundedToBFloat16().reduceMean()
        moving.assign(moving.value + 1)
        let program = try builder.finish(loss: loss)
        func losses(multipliesBFloat16: Bool) throws -> [Double?] {
            var options = ExecutorOptions(threads: 2, lanes: 2)
            options.multipliesBFloat16 = multipliesBFloat16
            let executor = try LaneExecutor(program: program, options: options)
            func write(_ variable: String, _ value: Float) throws {
                try executor.write(variable: variable, bytes: bytes([Float](repeating: value, count: 64)))
            }
            var losses: [Double?] = []
            func run(_ steps: Int) throws {
                for _ in 0..<steps {
                    try executor.feed([bytes([Float](repeating: 1, count: 16 * 8))])
                    losses.append(try executor.run(iterations: 1).lossOfCoreZero)
                }
            }
            try write("frozen", 1)
            try write("moving", 1)
            try run(3)
            try write("frozen", 2)
            try run(1)
            try write("moving", -1)
            try run(2)
            return losses
        }
        #expect(try losses(multipliesBFloat16: true) == [64, 128, 192, 512, -128, 0])
        #expect(try losses(multipliesBFloat16: false) == [64, 128, 192, 512, -128, 0])
    }

    /// The filter gradient of an image of so many channels: of few, float32 is faster.
    @Test(arguments: [(1, "float32"), (3, "float32"), (4, "bfloat16"), (16, "bfloat16")])
    func filterGradientsOfFewChannelsStayFloat32(channels: Int, type: String) throws {
        guard ExecutorOptions().multipliesBFloat16 else { return }
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, [8, 6, 6, channels])).roundedToBFloat16()
        let filter = builder.variable("filter", shape: [3, 3, channels, 4])
        let loss = x.convolution(filter.value.roundedToBFloat16(), padding: .same).roundedToBFloat16().square()
            .reduceMean()
        filter.assignSubtract(builder.gradients(of: loss, withRespectTo: [filter])[0])
        let text = try LaneExecutor(program: builder.finish(loss: loss), options: ExecutorOptions()).planText
        // The rounded gradient of the result is kept in the type that the filter gradient reads.
        let gradient = text.split(separator: "\n").first { $0.contains("\(type)[8,6,6,4] gradients") }
        #expect(gradient != nil, "\(text)")
    }

    @Test func nothingIsKeptInBFloat16WithoutIt() throws {
        #expect(try !instructions(multipliesBFloat16: false).contains { $0.contains("bfloat16[") })
    }
}
