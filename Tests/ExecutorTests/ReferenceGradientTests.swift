import Executor
import Graph
import Testing
import TestSupport

/// Gradients by rule against central differences, in float64 on the reference executor.
struct ReferenceGradientTests {
    /// A function of one or two tensors whose elements are drawn from a range.
    struct Function: Sendable, CustomTestStringConvertible {
        let name: String
        let shapes: [Shape]
        let range: ClosedRange<Double>
        let build: @Sendable ([Tensor]) -> Tensor
        var testDescription: String { name }

        init(
            _ name: String, _ shapes: [Shape], _ range: ClosedRange<Double> = -2...2,
            _ build: @escaping @Sendable ([Tensor]) -> Tensor
        ) {
            self.name = name
            self.shapes = shapes
            self.range = range
            self.build = build
        }
    }

    /// Kinds without a gradient, or without operands.
    private static let withoutGradient: Set<Op.Kind> = [
        .infeed, .constant, .readVariable, .iota, .randomUniform, .compare, .logical, .argMax, .maxPoolGradient,
        .replicaIndex,
    ]

    private static let unary: [Function] = UnaryOp.allCases.compactMap { op in
        switch op {
        case .sign, .floor, .ceil, .round, .roundToBFloat16, .isFinite, .not: nil
        case .log, .sqrt, .rsqrt: Function(op.rawValue, [[3, 2]], 0.2...3) { $0[0].builder.add(.unary(op), $0) }
        case .log1p: Function(op.rawValue, [[3, 2]], -0.7...3) { $0[0].builder.add(.unary(op), $0) }
        case .negate, .abs, .exp, .expm1, .tanh, .logistic, .sin, .cos, .erf, .relu, .softplus:
            Function(op.rawValue, [[3, 2]]) { $0[0].builder.add(.unary(op), $0) }
        }
    }

    private static let binary: [Function] = BinaryOp.allCases.map { op in
        let range = op == .power || op == .divide || op == .remainder ? 0.5...2.5 : -2.0...2
        return Function(op.rawValue, [[3, 2], [3, 2]], range) { $0[0].builder.add(.binary(op), $0) }
    }

    private static let reductions: [Function] = Reduction.allCases.map { reduction in
        Function("reduce_\(reduction.rawValue)", [[2, 3, 2]]) {
            $0[0].builder.add(.reduce(reduction, axes: [0, 2]), $0)
        }
    }

    private static let products: [Function] = [false, true].flatMap { left in
        [false, true].map { right in
            Function("dot \(left) \(right)", [left ? [2, 4, 3] : [2, 3, 4], right ? [2, 2, 4] : [2, 4, 2]]) {
                $0[0].builder.add(.dot(transposeLHS: left, transposeRHS: right), $0)
            }
        }
    }

    private static let others: [Function] = [
        Function("select", [[4], [4]]) { x in
            (x[0].builder.iota(shape: [4]) .< x[0].builder.constant(2, dtype: .int64)).select(x[0], x[1])
        },
        Function("convert", [[3]]) { $0[0].cast(to: .float32).cast(to: .float64) },
        Function("reshape", [[2, 3]]) { $0[0].reshape(to: [3, 2]) },
        Function("broadcast", [[2, 1]]) { $0[0].broadcast(to: [3, 2, 4]) },
        Function("transpose", [[2, 3, 4]]) { $0[0].transposed([1, 2, 0]) },
        Function("slice", [[5, 4]]) { $0[0].slice(from: [1, 0], to: [5, 3], by: [3, 2]) },
        Function("pad", [[2, 3], []]) { x in
            x[0].builder.add(.pad(low: [1, 0], high: [0, 2], interior: [1, 2]), x)
        },
        Function("concatenate", [[2, 1], [2, 3]]) { $0[0].builder.concatenate($0, axis: 1) },
        Function("softmax", [[2, 4]]) { $0[0].softmax() },
        Function("softmax of axis 0", [[3, 2]]) { $0[0].softmax(axis: 0) },
        Function("logSoftmax", [[2, 4]]) { $0[0].logSoftmax() },
        Function("sparseSoftmaxCrossEntropy", [[3, 4]]) { $0[0].sparseSoftmaxCrossEntropy(labels: labels($0[0])) },
        Function("sparseSoftmaxCrossEntropyGradient", [[3, 4], [3]]) { x in
            x[0].builder.add(.sparseSoftmaxCrossEntropyGradient, [x[0], labels(x[0]), x[1]])
        },
        Function("assign", [[2]]) { x in
            let variable = x[0].builder.variable("v", shape: [2], dtype: .float64, isTrainable: false)
            return variable.assign(x[0]).square()
        },
        Function("crossReplicaSum", [[3]]) { $0[0].square().crossReplicaSum().exp() },
        Function("crossReplicaGroupSum", [[3]]) { $0[0].square().crossReplicaSum(groups: [[0]]).exp() },
        Function("square", [[3]]) { $0[0] * $0[0] },
        Function("used twice", [[3]]) { $0[0].exp() + $0[0] * $0[0].sin() },
        Function("gelu", [[4]]) { $0[0].gelu() },
        Function("gelu by tanh", [[4]]) { $0[0].gelu(isApproximate: true) },
        Function("elu", [[4]]) { $0[0].elu(alpha: 0.7) },
        Function("selu", [[4]]) { $0[0].selu() },
        Function("logSumExp", [[2, 3]]) { $0[0].reduceLogSumExp(axes: [1]) },
        Function("convolution", [[2, 4, 5, 2], [3, 2, 1, 4]]) { x in
            x[0].convolution(x[1], strides: [1, 2], dilation: [1, 2], padding: .same, groups: 2)
        },
        Function("transposed convolution", [[2, 3, 2], [3, 1, 2]]) { x in
            x[0].transposedConvolution(x[1], output: [6], strides: [2], padding: .same)
        },
        Function("filter gradient of a convolution", [[2, 5, 1], [2, 3, 2]]) { x in
            x[0].builder.add(.convolutionFilterGradient(Window(extents: [3]), groups: 1), x)
        },
        Function("maxPool", [[1, 4, 5, 2]]) { $0[0].maxPool([2, 3], strides: [2, 1], padding: .same) },
        Function("averagePool", [[1, 4, 5, 2]]) { $0[0].averagePool([2, 3], strides: [2, 1], padding: .same) },
        Function("sumPoolGradient", [[1, 3, 2]]) { x in
            x[0].builder.add(.sumPoolGradient(Window(extents: [2], strides: [2]), input: [7]), x)
        },
        Function("gather", [[3, 2]]) { $0[0].gather($0[0].builder.constant([2, 0, 2], shape: [3], dtype: .int32)) },
        Function("scatterAdd", [[3, 2]]) { x in
            x[0].scatterAdd(x[0].builder.constant([1, 3, 1], shape: [3], dtype: .int64), rows: 4)
        },
        Function("reverse", [[2, 3]]) { $0[0].reversed(axes: [1]) },
        Function("cumulativeSum", [[2, 3]]) { $0[0].cumulativeSum(axis: 1) },
        Function("cumulativeSum from behind", [[3, 2]]) { x in
            x[0].cumulativeSum(axis: 0, isExclusive: true, isReversed: true)
        },
        Function("tile", [[2, 2]]) { $0[0].tiled([2, 3]) },
        Function("gradient of a gradient", [[3]]) { x in
            x[0].builder.gradients(of: (x[0].sin() * x[0]).reduceSum(), withRespectTo: x)[0]
        },
    ]

    private static let functions = unary + binary + reductions + products + others

    /// Labels 0, 1, 2 … for the rows of logits.
    private static func labels(_ logits: Tensor) -> Tensor { logits.builder.iota(shape: [logits.shape[0]]) }

    @Test(arguments: functions)
    func agreesWithCentralDifferences(function: Function) throws {
        var random = SeededGenerator(seed: 11)
        let builder = GraphBuilder()
        let inputs = function.shapes.map { builder.infeed(TensorType(.float64, $0)) }
        let y = function.build(inputs)
        let weights = builder.constant(
            (0..<y.shape.count).map { _ in Double.random(in: 0.5...1.5, using: &random) }, shape: y.shape,
            dtype: .float64)
        // With one core, what all cores' losses depend on is what this one's does.
        let loss = (y * weights).reduceSum()
        let gradients = builder.gradients(of: loss, withRespectTo: inputs)
        let outfeed = [("loss", loss)] + gradients.enumerated().map { ("\($0.offset)", $0.element) }
        let program = try builder.finish(loss: loss, outfeed: outfeed.map { (name: $0.0, value: $0.1) })

        let points = function.shapes.map { shape in
            (0..<shape.count).map { _ in Double.random(in: function.range, using: &random) }
        }
        func step(_ points: [[Double]]) throws -> [String: [Double]] {
            try ExecutorUnderTest.all[0].step(program, inputs: points.map(bytes)).mapValues(doubles)
        }
        let result = try step(points)
        // What passes through float32 is rounded there.
        let (width, tolerance) = function.name == "convert" ? (1e-2, 1e-4) : (1e-5, 1e-7)
        for (input, point) in points.enumerated() {
            let gradient = try #require(result["\(input)"])
            for place in point.indices {
                var (low, high) = (points, points)
                low[input][place] -= width
                high[input][place] += width
                let difference = (try step(high)["loss"]![0] - step(low)["loss"]![0]) / (2 * width)
                #expect(
                    abs(difference - gradient[place]) <= tolerance * max(1, abs(difference)),
                    "\(function.name), input \(input), element \(place)")
            }
        }
    }

    /// Every core's operand moves every core's loss: the gradient is that of the sum of all losses.
    @Test(arguments: [nil, [[0, 1, 2]], [[0], [2], [1]]] as [[[Int]]?])
    func sumsOverCoresPassGradientsToAllCores(groups: [[Int]]?) throws {
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float64, .scalar))
        let squares = x.square()
        let sum = groups.map { squares.crossReplicaSum(groups: $0) } ?? squares.crossReplicaSum()
        let loss = sum.sin() * (builder.replicaIndex().cast(to: .float64) + 1)
        let gradient = builder.gradients(of: loss, withRespectTo: [x])[0]
        let program = try builder.finish(loss: loss, outfeed: [("loss", loss), ("gradient", gradient)])
        func step(_ points: [Double]) throws -> [String: [Double]] {
            try ExecutorUnderTest.all[0].step(program, inputs: [bytes(points)], replicas: 3).mapValues(doubles)
        }
        let points = [0.3, -0.6, 0.9]
        let gradients = try #require(try step(points)["gradient"])
        for core in points.indices {
            var (low, high) = (points, points)
            low[core] -= 1e-5
            high[core] += 1e-5
            let difference = try step(high)["loss"]!.reduce(0, +) - step(low)["loss"]!.reduce(0, +)
            #expect(abs(difference / 2e-5 - gradients[core]) < 1e-7)
        }
    }

    @Test func coversEveryKindOfOp() throws {
        var seen = Self.withoutGradient
        for function in Self.functions {
            let builder = GraphBuilder()
            _ = function.build(function.shapes.map { builder.infeed(TensorType(.float64, $0)) })
            #expect(builder.error == nil, "\(function.name)")
            seen.formUnion(builder.program.nodes.map(\.op.kind))
        }
        #expect(seen == Set(Op.Kind.allCases))
    }

    /// Where a function has a corner or no value, TensorFlow's choice; never NaN.
    @Test func choosesAtCorners() throws {
        let cases: [(String, [Double], [Double], @Sendable (Tensor) -> Tensor)] = [
            ("relu", [0, 1], [0, 1], { $0.relu() }),
            ("relu6", [0, 6], [0, 0], { $0.relu6() }),
            ("abs", [0], [0], { $0.abs() }),
            ("maximum", [1], [1], { $0.maximum(1) }),
            ("clipped", [-1, 1, 2], [1, 1, 0], { $0.clipped(from: -1, to: 1) }),
            ("power", [0], [0], { $0.pow(2) }),
            ("reduceMax", [3, 3, 1], [0.5, 0.5, 0], { $0.reduceMax() }),
            ("reduceProduct", [0, 2, 3], [6, 0, 0], { $0.reduceProduct() }),
            ("reduceProduct of zeros", [0, 0, 3], [0, 0, 0], { $0.reduceProduct() }),
            ("stopGradient", [2], [2], { $0 * $0.stopGradient() }),
            ("rounding", [1.5], [0], { $0.round() }),
            ("slice of nothing", [1, 2], [0, 0], { $0.slice(1..<1, axis: 0) }),
            ("stride beyond the axis", [1, 2, 3], [0, 1, 0], { $0.slice(from: [1], to: [3], by: [.max]) }),
            ("pad", [1, 2], [1, 1], { $0.padded(low: [2], high: [3]) }),
            ("not connected", [1], [0], { $0.builder.constant(1, dtype: .float64) }),
        ]
        for (name, point, expected, build) in cases {
            let builder = GraphBuilder()
            let x = builder.infeed(TensorType(.float64, [point.count]))
            let gradient = builder.gradients(of: build(x), withRespectTo: [x])[0]
            let program = try builder.finish(outfeed: [("gradient", gradient)])
            let result = try ExecutorUnderTest.all[0].step(program, inputs: [bytes(point)])
            #expect(doubles(result["gradient"]!) == expected, "\(name)")
        }
    }
}

/// Little-endian bytes of doubles.
func bytes(_ doubles: [Double]) -> [UInt8] { doubles.withUnsafeBytes { [UInt8]($0) } }

/// Doubles of little-endian bytes.
func doubles(_ bytes: [UInt8]) -> [Double] {
    bytes.withUnsafeBytes { raw in
        (0..<(raw.count / 8)).map { raw.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
    }
}
