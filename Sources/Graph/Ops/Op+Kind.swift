extension Op {
    /// An op's case without its attributes: the name in printed programs and error messages, and what tables count.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        // One name for each case of `Op`, which documents them.
        case infeed, constant, readVariable, iota, randomUniform, unary, binary, compare, logical, select, convert
        case reshape, broadcast, transpose, slice, pad, concatenate, dot, reduce, argMax, softmax, logSoftmax
        case sparseSoftmaxCrossEntropy, sparseSoftmaxCrossEntropyGradient, convolution, convolutionInputGradient
        case convolutionFilterGradient, pool, maxPoolGradient, sumPoolGradient, gather, scatterAdd, reverse
        case cumulativeSum, crossReplicaSum, crossReplicaGroupSum, replicaIndex, assign
    }

    /// Which case this is.
    package var kind: Kind {
        switch self {
        case .infeed: .infeed
        case .constant: .constant
        case .readVariable: .readVariable
        case .iota: .iota
        case .randomUniform: .randomUniform
        case .unary: .unary
        case .binary: .binary
        case .compare: .compare
        case .logical: .logical
        case .select: .select
        case .convert: .convert
        case .reshape: .reshape
        case .broadcast: .broadcast
        case .transpose: .transpose
        case .slice: .slice
        case .pad: .pad
        case .concatenate: .concatenate
        case .dot: .dot
        case .reduce: .reduce
        case .argMax: .argMax
        case .softmax: .softmax
        case .logSoftmax: .logSoftmax
        case .sparseSoftmaxCrossEntropy: .sparseSoftmaxCrossEntropy
        case .sparseSoftmaxCrossEntropyGradient: .sparseSoftmaxCrossEntropyGradient
        case .convolution: .convolution
        case .convolutionInputGradient: .convolutionInputGradient
        case .convolutionFilterGradient: .convolutionFilterGradient
        case .pool: .pool
        case .maxPoolGradient: .maxPoolGradient
        case .sumPoolGradient: .sumPoolGradient
        case .gather: .gather
        case .scatterAdd: .scatterAdd
        case .reverse: .reverse
        case .cumulativeSum: .cumulativeSum
        case .crossReplicaSum: .crossReplicaSum
        case .crossReplicaGroupSum: .crossReplicaGroupSum
        case .replicaIndex: .replicaIndex
        case .assign: .assign
        }
    }

    /// The name that printed programs and errors use: the elementwise op's own where there is one, else the kind's.
    package var name: String {
        switch self {
        case .unary(let op): op.rawValue
        case .binary(let op): op.rawValue
        case .compare(let op): op.rawValue
        case .logical(let op): op.rawValue
        case .reduce(let reduction, _): "reduce_\(reduction.rawValue)"
        case .pool(let pooling, _): "\(pooling.rawValue)Pool"
        default: kind.rawValue
        }
    }

    /// True when running the node changes what outlives the step, or must happen on all cores together.
    package var hasEffect: Bool { kind == .assign }
}
