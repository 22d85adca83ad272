import Graph

/// In what an op is linear, so that a sum over cores may be taken before it as well as behind it.
enum Linearity: Sendable, Hashable {
    /// In its only operand.
    case alone
    /// In each operand, the other being the same on all cores.
    case factor
    /// In its first operand, the second being the same on all cores.
    case dividend
    /// In all operands together.
    case sum
}

extension Op {
    /// One row an op; nil where it is not linear, or sums don't move through it.
    var linearity: Linearity? {
        switch self {
        case .reshape, .transpose: .alone
        case .unary(let op): op == .negate ? .alone : nil
        case .binary(let op):
            switch op {
            case .multiply: .factor
            case .divide: .dividend
            case .add, .subtract: .sum
            case .power, .remainder, .maximum, .minimum, .squaredDifference: nil
            }
        case .infeed, .constant, .readVariable, .replicaIndex, .assign, .compare, .logical, .select, .convert, .dot,
            .convolution, .convolutionInputGradient, .convolutionFilterGradient, .crossReplicaSum, .iota,
            .randomUniform, .broadcast, .slice, .pad, .concatenate, .reduce, .argMax, .softmax, .logSoftmax,
            .sparseSoftmaxCrossEntropy, .sparseSoftmaxCrossEntropyGradient, .pool, .maxPoolGradient, .sumPoolGradient,
            .gather, .scatterAdd, .reverse, .cumulativeSum, .crossReplicaGroupSum:
            nil
        }
    }
}
