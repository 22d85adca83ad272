/// What each op passes back to its operands: one row an op. x and y are operands, z the result, g the upstream.
enum GradientRules {
    /// A contribution for each operand; nil where no gradient flows.
    static func row(_ op: Op, _ x: [Tensor], _ z: Tensor, _ g: Tensor) -> [Tensor?] {
        switch op {
        case .infeed, .constant, .readVariable, .iota, .replicaIndex: []
        case .randomUniform, .argMax: [nil]
        case .compare, .logical: [nil, nil]
        case .unary(let unary): [self.unary(unary, x[0], z, g)]
        case .binary(let binary): self.binary(binary, x[0], x[1], z, g)
        case .select: [nil, x[0].select(g, g.like(0)), x[0].select(g.like(0), g)]
        case .convert: [x[0].dtype.isFloating ? g.cast(to: x[0].dtype) : nil]
        case .reshape: [g.reshape(to: x[0].shape.dimensions)]
        case .broadcast(_, let dimensions): [broadcast(x[0], dimensions, g)]
        case .transpose(let permutation): [g.transposed(inverse(permutation))]
        case .slice(let starts, _, let strides): [slice(x[0], starts, strides, g)]
        case .pad(let low, _, let interior): pad(x[0], low, interior, g)
        case .concatenate(let axis): concatenate(x, axis, g)
        case .dot(let left, let right): dot(x[0], x[1], left, right, g)
        case .reduce(let reduction, let axes): [reduce(reduction, axes, x[0], z, g)]
        case .softmax: [z * (g - (g * z).reduceSum(axes: [-1], keepDimensions: true))]
        case .logSoftmax: [g - z.exp() * g.reduceSum(axes: [-1], keepDimensions: true)]
        case .sparseSoftmaxCrossEntropy: [x[0].apply(.sparseSoftmaxCrossEntropyGradient, [x[1], g]), nil]
        case .sparseSoftmaxCrossEntropyGradient: crossEntropyGradient(x[0], x[1], x[2], g)
        case .convolution(let window, let groups):
            [
                g.apply(.convolutionInputGradient(window, groups: groups, input: x[0].type.spatial), [x[1]]),
                x[0].apply(.convolutionFilterGradient(window, groups: groups), [g]),
            ]
        case .convolutionInputGradient(let window, let groups, _):
            [
                g.apply(.convolution(window, groups: groups), [x[1]]),
                g.apply(.convolutionFilterGradient(window, groups: groups), [x[0]]),
            ]
        case .convolutionFilterGradient(let window, let groups):
            [
                x[1].apply(.convolutionInputGradient(window, groups: groups, input: x[0].type.spatial), [g]),
                x[0].apply(.convolution(window, groups: groups), [g]),
            ]
        case .pool(.max, let window): [x[0].apply(.maxPoolGradient(window), [g])]
        case .pool(.sum, let window): [g.apply(.sumPoolGradient(window, input: x[0].type.spatial))]
        // TensorFlow's MaxPoolGradGrad has no counterpart: no gradient flows on.
        case .maxPoolGradient: [nil, nil]
        case .sumPoolGradient(let window, _): [g.apply(.pool(.sum, window))]
        case .gather: [x[1].apply(.scatterAdd(rows: x[0].shape[0]), [g]), nil]
        case .scatterAdd: [nil, g.apply(.gather, [x[0]])]
        case .reverse(let axes): [g.apply(.reverse(axes: axes))]
        case .cumulativeSum(let axis, let isReversed): [g.apply(.cumulativeSum(axis: axis, isReversed: !isReversed))]
        // The loss of each core depends on every core's operand.
        case .crossReplicaSum, .crossReplicaGroupSum: [g.apply(op)]
        case .assign: [g]
        }
    }

    private static func unary(_ op: UnaryOp, _ x: Tensor, _ z: Tensor, _ g: Tensor) -> Tensor? {
        switch op {
        case .negate: -g
        case .abs: g * x.sign()
        case .exp: g * z
        case .expm1: g * x.exp()
        case .log: g / x
        case .log1p: g / (x + 1)
        case .sqrt: g * 0.5 / z
        case .rsqrt: g * -0.5 * (z * z * z)
        case .tanh: g * (1 - z * z)
        case .logistic: g * (z * (1 - z))
        case .sin: g * x.cos()
        case .cos: -g * x.sin()
        // 2 / √π.
        case .erf: g * ((-(x * x)).exp() * 1.1283791670955126)
        case .relu: (x .> 0).select(g, g.like(0))
        case .softplus: g * x.sigmoid()
        case .roundToBFloat16: g.roundedToBFloat16()
        case .sign, .floor, .ceil, .round, .isFinite, .not: nil
        }
    }

    private static func binary(_ op: BinaryOp, _ x: Tensor, _ y: Tensor, _ z: Tensor, _ g: Tensor) -> [Tensor?] {
        switch op {
        case .add: return [g, g]
        case .subtract: return [g, -g]
        case .multiply: return [g * y, g * x]
        case .divide: return [g / y, g * (-x / y / y)]
        case .remainder:
            let quotient = x / y
            return [g, -g * (quotient.sign() * quotient.abs().floor())]
        // Where both are equal, the first gets all, as in TensorFlow.
        case .maximum: return share(x .>= y, g)
        case .minimum: return share(x .<= y, g)
        case .power:
            // ln x counts only where x > 0, so that 0 to a power has a finite gradient.
            let isPositive = x .> 0
            let logarithm = isPositive.select(isPositive.select(x, x.like(1)).log(), x.like(0))
            return [g * y * x.pow(y - 1), g * z * logarithm]
        case .squaredDifference:
            let slope = g * ((x - y) * 2)
            return [slope, -slope]
        }
    }

    private static func share(_ first: Tensor, _ g: Tensor) -> [Tensor?] {
        [first.select(g, g.like(0)), first.select(g.like(0), g)]
    }

    private static func broadcast(_ x: Tensor, _ dimensions: [Int], _ g: Tensor) -> Tensor {
        let stretched = g.shape.dimensions.indices.filter { axis in
            guard let source = dimensions.firstIndex(of: axis) else { return true }
            return x.shape[source] == 1 && g.shape[axis] != 1
        }
        return g.reduceSum(axes: stretched).reshape(to: x.shape.dimensions)
    }

    private static func inverse(_ permutation: [Int]) -> [Int] {
        permutation.indices.sorted { permutation[$0] < permutation[$1] }
    }

    private static func slice(_ x: Tensor, _ starts: [Int], _ strides: [Int], _ g: Tensor) -> Tensor {
        guard g.shape.count > 0 else { return x.builder.constant(0, shape: x.shape, dtype: x.dtype) }
        let high = starts.indices.map { x.shape[$0] - starts[$0] - (g.shape[$0] - 1) * strides[$0] - 1 }
        // A single element has no neighbour, however long the stride.
        let interior = strides.indices.map { g.shape[$0] > 1 ? strides[$0] - 1 : 0 }
        return g.apply(.pad(low: starts, high: high, interior: interior), [g.like(0)])
    }

    private static func pad(_ x: Tensor, _ low: [Int], _ interior: [Int], _ g: Tensor) -> [Tensor?] {
        let strides = interior.map { $0 + 1 }
        let limits = low.indices.map { low[$0] + (x.shape[$0] == 0 ? 0 : (x.shape[$0] - 1) * strides[$0] + 1) }
        let kept = g.slice(from: low, to: limits, by: strides)
        return [kept, g.reduceSum() - kept.reduceSum()]
    }

    private static func concatenate(_ x: [Tensor], _ axis: Int, _ g: Tensor) -> [Tensor?] {
        var start = 0
        return x.map { part in
            defer { start += part.shape[axis] }
            return g.slice(start..<(start + part.shape[axis]), axis: axis)
        }
    }

    private static func dot(_ x: Tensor, _ y: Tensor, _ left: Bool, _ right: Bool, _ g: Tensor) -> [Tensor?] {
        let dx = left ? y.matmul(g, transposeA: right, transposeB: true) : g.matmul(y, transposeB: !right)
        let dy = right ? g.matmul(x, transposeA: true, transposeB: left) : x.matmul(g, transposeA: !left)
        return [dx, dy]
    }

    private static func reduce(_ reduction: Reduction, _ axes: [Int], _ x: Tensor, _ z: Tensor, _ g: Tensor) -> Tensor {
        let kept = x.shape.dimensions.indices.filter { !axes.contains($0) }
        func spread(_ tensor: Tensor) -> Tensor {
            tensor.apply(.broadcast(shape: x.shape, dimensions: kept))
        }
        switch reduction {
        case .sum:
            return spread(g)
        case .max, .min:
            // Several largest elements share evenly, as in TensorFlow.
            let isChosen = (x .== spread(z)).cast(to: x.dtype)
            return isChosen * spread(g / isChosen.reduceSum(axes: axes))
        case .product:
            // Without division by a zero element: the product of the others is 0 unless that is the only zero.
            let isZero = x .== 0
            let others = isZero.select(x.like(1), x)
            let zeros = spread(isZero.cast(to: x.dtype).reduceSum(axes: axes))
            let isAlone = isZero.select(zeros .== 1, zeros .== 0)
            return spread(g) * isAlone.select(spread(others.reduceProduct(axes: axes)) / others, x.like(0))
        }
    }

    private static func crossEntropyGradient(_ logits: Tensor, _ labels: Tensor, _ u: Tensor, _ g: Tensor) -> [Tensor?]
    {
        let p = logits.softmax()
        let weighted = g * u.expandDimensions(at: 1)
        let hot = labels.oneHot(depth: logits.shape[1], dtype: logits.dtype)
        return [
            p * (weighted - (weighted * p).reduceSum(axes: [1], keepDimensions: true)), nil,
            (g * (p - hot)).reduceSum(axes: [1]),
        ]
    }
}
