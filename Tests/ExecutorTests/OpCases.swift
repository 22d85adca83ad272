import Graph
import TestSupport

/// Ops over operands of some types: the same ones for all of the ops, of which those that don't take them are left out.
struct OpCases {
    /// How an operand's elements are drawn.
    enum Elements {
        /// Whole numbers from −3 to 3, or what of them the type has.
        case numbers
        /// Whole numbers from −1 to the extent, so that some are outside of `0 ..< extent`.
        case indices(Int)
    }

    /// An operand before its elements are drawn.
    struct Operand {
        let type: TensorType
        var elements = Elements.numbers
    }

    let operands: [Operand]
    let ops: [Op]

    init(_ operands: [Operand], _ ops: [Op]) {
        self.operands = operands
        self.ops = ops
    }

    init(_ operands: [TensorType], _ ops: [Op]) { self.init(operands.map { Operand(type: $0) }, ops) }

    /// Kinds that need more than their operands, with the suite that has them.
    static let elsewhere: [Op.Kind: String] = [
        .infeed: "InfeedQueueTests", .constant: "ProgramExecutorTests", .readVariable: "ProgramExecutorTests",
        .assign: "StepAtomicityTests", .replicaIndex: "ProgramExecutorTests", .crossReplicaSum: "ProgramExecutorTests",
        .crossReplicaGroupSum: "CrossReplicaGroupSumTests",
    ]

    // MARK: Shapes

    /// Every shape of up to four axes, each of extent 0, 1 or 3.
    static let smallShapes: [Shape] = {
        var shapes: [[Int]] = [[]]
        var all = shapes
        for _ in 0..<4 {
            shapes = shapes.flatMap { shape in [0, 1, 3].map { shape + [$0] } }
            all += shapes
        }
        return all.map { Shape($0) }
    }()

    /// Shapes of up to four axes and so many elements, a third of them batches of one.
    static func largeShapes(_ random: inout SeededGenerator, count: Int = 6, elements: Int = 40_000) -> [Shape] {
        (0..<count).map { number in
            let rank = number % 4 + 1
            var shape = (0..<rank).map { _ in [1, 2, 5, 16, 17, 64, 129, 300, 4_099][random.below(9)] }
            if random.below(3) == 0 { shape[0] = 1 }
            while Shape(shape).count > elements, let place = shape.indices.max(by: { shape[$0] < shape[$1] }) {
                shape[place] = max(1, shape[place] / 3)
            }
            return Shape(shape)
        }
    }

    /// All subsets of axes, each ascending.
    private static func subsets(_ rank: Int) -> [[Int]] {
        (0..<(1 << rank)).map { bits in (0..<rank).filter { bits >> $0 & 1 == 1 } }
    }

    private static func permutations(_ axes: [Int]) -> [[Int]] {
        guard axes.count > 1 else { return [axes] }
        return axes.flatMap { first in permutations(axes.filter { $0 != first }).map { [first] + $0 } }
    }

    // MARK: Cases

    private static let types: [DType] = [.float32, .float64, .int32, .uint8, .bool]

    /// Cases of a kind over the given shapes; nil for kinds that are ``elsewhere``.
    static func all(_ kind: Op.Kind, _ shapes: [Shape]) -> [OpCases]? {
        switch kind {
        case .dot, .softmax, .logSoftmax, .sparseSoftmaxCrossEntropy, .sparseSoftmaxCrossEntropyGradient, .gather,
            .scatterAdd, .iota, .randomUniform:
            nil
        case .convolution, .convolutionInputGradient, .convolutionFilterGradient, .pool, .maxPoolGradient,
            .sumPoolGradient:
            nil
        case .infeed, .constant, .readVariable, .assign, .replicaIndex, .crossReplicaSum, .crossReplicaGroupSum: nil
        case .unary: one(shapes) { _ in UnaryOp.allCases.map { .unary($0) } }
        case .binary: several(2, shapes) { _ in BinaryOp.allCases.map { .binary($0) } }
        case .compare:
            several(2, shapes) { _ in
                [Comparison.equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual].map { .compare($0) }
            }
        case .logical: several(2, shapes) { _ in [LogicalOp.and, .or, .xor].map { .logical($0) } }
        case .select:
            shapes.flatMap { shape in
                types.map {
                    OpCases(
                        [TensorType(.bool, shape)] + [TensorType](repeating: TensorType($0, shape), count: 2), [.select]
                    )
                }
            }
        case .convert: one(shapes, DType.allCases) { _ in DType.allCases.map { .convert($0) } }
        case .reshape:
            one(shapes) { shape in
                let dimensions = shape.dimensions
                let targets: [[Int]] = [[shape.count], [1] + dimensions, dimensions + [1], dimensions.reversed()]
                return targets.map { .reshape(Shape($0)) }
            }
        case .broadcast:
            one(shapes) { shape in
                let (dimensions, axes) = (shape.dimensions, Array(0..<shape.rank))
                return [
                    .broadcast(shape: Shape([2] + dimensions), dimensions: axes.map { $0 + 1 }),
                    .broadcast(shape: Shape(dimensions + [2]), dimensions: axes),
                    .broadcast(shape: Shape(dimensions.map { $0 == 1 ? 4 : $0 }), dimensions: axes),
                ]
            }
        case .transpose:
            one(shapes) { shape in permutations(Array(0..<shape.rank)).map { .transpose(permutation: $0) } }
        case .slice: one(shapes, [.float32, .int64], slices)
        case .pad:
            shapes.flatMap { shape in
                [DType.float32, .int16].map { OpCases([TensorType($0, shape), .scalar($0)], pads(shape)) }
            }
        case .concatenate: several(3, shapes) { shape in (0..<shape.rank).map { .concatenate(axis: $0) } }
        case .reduce:
            one(shapes) { shape in
                Reduction.allCases.flatMap { reduction in subsets(shape.rank).map { .reduce(reduction, axes: $0) } }
            }
        case .argMax: one(shapes) { shape in (0..<shape.rank).map { .argMax(axis: $0) } }
        case .reverse: one(shapes) { shape in subsets(shape.rank).map { .reverse(axes: $0) } }
        case .cumulativeSum:
            one(shapes) { shape in
                (0..<shape.rank).flatMap { axis in
                    [false, true].map { .cumulativeSum(axis: axis, isReversed: $0) }
                }
            }
        }
    }

    private static func one(_ shapes: [Shape], _ types: [DType] = types, _ ops: (Shape) -> [Op]) -> [OpCases] {
        shapes.flatMap { shape in types.map { OpCases([TensorType($0, shape)], ops(shape)) } }
    }

    private static func several(_ count: Int, _ shapes: [Shape], _ ops: (Shape) -> [Op]) -> [OpCases] {
        shapes.flatMap { shape in
            types.map { OpCases([TensorType](repeating: TensorType($0, shape), count: count), ops(shape)) }
        }
    }

    private static func slices(_ shape: Shape) -> [Op] {
        let dimensions = shape.dimensions
        let zeros = dimensions.map { _ in 0 }
        return [
            .slice(starts: zeros, limits: dimensions, strides: dimensions.map { _ in 1 }),
            .slice(starts: dimensions.map { min(1, $0) }, limits: dimensions, strides: dimensions.map { _ in 1 }),
            .slice(starts: zeros, limits: dimensions, strides: dimensions.map { _ in 2 }),
            .slice(
                starts: zeros, limits: dimensions.enumerated().map { $0.offset == 0 ? $0.element : min(1, $0.element) },
                strides: dimensions.map { _ in 1 }),
            .slice(starts: zeros, limits: zeros, strides: dimensions.map { _ in 1 }),
        ]
    }

    private static func pads(_ shape: Shape) -> [Op] {
        let zeros = shape.dimensions.map { _ in 0 }
        func last(_ number: Int) -> [Int] { zeros.indices.map { $0 == zeros.count - 1 ? number : 0 } }
        let ones = zeros.map { $0 + 1 }
        return [
            .pad(low: zeros, high: zeros, interior: zeros), .pad(low: ones, high: zeros, interior: zeros),
            .pad(low: zeros, high: ones, interior: ones), .pad(low: last(2), high: last(1), interior: last(1)),
        ]
    }
}
