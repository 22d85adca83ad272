package import Graph

/// What each op computes on one core, written as its definition reads: one row an op. Every other executor is judged by
/// these. Sums and products are accumulated in double precision in row-major order and rounded once.
package enum ReferenceKernels {
    /// The op's result; nil for those that need more than their operands: infeed, variables, other cores.
    package static func evaluate(_ op: Op, _ x: [ReferenceValue], _ type: TensorType) -> ReferenceValue? {
        switch op {
        case .infeed, .readVariable, .crossReplicaSum, .crossReplicaGroupSum, .replicaIndex: nil
        case .assign: x[0]
        case .constant(let literal): ReferenceValue(literal)
        case .iota(_, let axis): iota(type, axis)
        case .randomUniform(_, let seed): randomUniform(type, seed, x[0])
        case .unary(let op): unary(op, x[0], type)
        case .binary(let op): binary(op, x[0], x[1])
        case .compare(let op): compare(op, x[0], x[1], type)
        case .logical(let op): logical(op, x[0], x[1])
        case .select: select(x[0], x[1], x[2])
        case .convert(let dtype): convert(x[0], dtype)
        case .reshape(let shape): x[0].picking(Array(0..<shape.count), shape: shape)
        case .broadcast(let shape, let dimensions): broadcast(x[0], shape, dimensions)
        case .transpose(let permutation): transpose(x[0], permutation, type)
        case .slice(let starts, _, let strides): slice(x[0], starts, strides, type)
        case .pad(let low, _, let interior): pad(x[0], x[1], low, interior, type)
        case .concatenate(let axis): concatenate(x, axis, type)
        case .dot(let left, let right): dot(x[0], x[1], left, right, type)
        case .reduce(let reduction, let axes): reduce(reduction, x[0], axes, type)
        case .argMax(let axis): argMax(x[0], axis, type)
        case .softmax: rows(x[0]) { softmax($0) }
        case .logSoftmax: rows(x[0]) { logSoftmax($0) }
        case .sparseSoftmaxCrossEntropy: crossEntropy(x[0], x[1], type)
        case .sparseSoftmaxCrossEntropyGradient: crossEntropyGradient(x[0], x[1], x[2])
        case .convolution(let window, let groups): convolution(x[0], x[1], window, groups, type)
        case .convolutionInputGradient(let window, let groups, _):
            convolutionInputGradient(x[0], x[1], window, groups, type)
        case .convolutionFilterGradient(let window, let groups):
            convolutionFilterGradient(x[0], x[1], window, groups, type)
        case .pool(let pooling, let window): pool(pooling, x[0], window, type)
        case .maxPoolGradient(let window): maxPoolGradient(x[0], x[1], window)
        case .sumPoolGradient(let window, _): sumPoolGradient(x[0], window, type)
        case .gather: gather(x[0], x[1], type)
        case .scatterAdd: scatterAdd(x[0], x[1], type)
        case .reverse(let axes): reverse(x[0], axes)
        case .cumulativeSum(let axis, let isReversed): cumulativeSum(x[0], axis, isReversed)
        }
    }

    /// The evaluator that constant folding asks for.
    package static let evaluator: Passes.Evaluator = { op, operands, type in
        evaluate(op, operands.map(ReferenceValue.init), type)?.literal
    }

    /// The sum over cores, in core order.
    package static func sum(_ values: [ReferenceValue]) -> ReferenceValue {
        let type = values[0].type
        if case .whole = values[0].storage {
            return .wrapping(type, (0..<type.count).map { place in values.reduce(0) { $0 &+ $1.wholes[place] } })
        }
        let parts = values.map(\.doubles)
        return .rounding(type, (0..<type.count).map { place in parts.reduce(0) { $0 + $1[place] } })
    }

    /// Row-major indices of all elements of a shape.
    static func indices(of shape: Shape) -> [[Int]] {
        let strides = shape.strides
        return (0..<shape.count).map { place in
            shape.dimensions.indices.map { place / strides[$0] % shape[$0] }
        }
    }

    /// The row-major place of an index.
    static func place(_ index: [Int], _ strides: [Int]) -> Int { zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 } }
}
