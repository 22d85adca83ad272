import Graph

/// What an op is to the planner, beside its ``BatchingRule``.
enum OpRole: Sendable, Hashable {
    /// Its value lies in memory without an instruction: input, constants, variables, the cores' numbers.
    case stored
    /// Its value is its operand's memory under another name.
    case view
    /// It computes each element from the operands' elements at the same place, and may be fused.
    case elementwise
    /// A product or a convolution: a library computes it and may refuse to, and what decides how large lanes are.
    case contraction
    /// It brings the cores together; on one core a view.
    case replicaSum
    /// It has a kernel of its own.
    case kernel
}

extension Op {
    /// One row an op.
    var role: OpRole {
        switch self {
        case .infeed, .constant, .readVariable, .replicaIndex: .stored
        case .reshape, .assign: .view
        case .unary, .binary, .compare, .logical, .select, .convert: .elementwise
        case .dot, .convolution, .convolutionInputGradient, .convolutionFilterGradient: .contraction
        case .crossReplicaSum: .replicaSum
        case .iota, .randomUniform, .broadcast, .transpose, .slice, .pad, .concatenate, .reduce, .argMax, .softmax,
            .logSoftmax, .sparseSoftmaxCrossEntropy, .sparseSoftmaxCrossEntropyGradient, .pool, .maxPoolGradient,
            .sumPoolGradient, .gather, .scatterAdd, .reverse, .cumulativeSum, .crossReplicaGroupSum:
            .kernel
        }
    }

    /// True for ops that compute each element from the operands' elements at the same place.
    var isElementwise: Bool { role == .elementwise }
}
