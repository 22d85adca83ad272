import Graph

/// How an op works on a batch, sample by sample: one exhaustive row an op (JAX: batching rule). What lanes may
/// compute, what they read and what has to be merged behind them all follow from it.
struct BatchingRule: Sendable, Hashable {
    /// How an operand is read.
    enum Use: Sendable, Hashable {
        /// Its first axis is partitioned like the batch.
        case samples
        /// As a whole, the same for all samples.
        case whole
    }

    /// What comes of some samples.
    enum Result: Sendable, Hashable {
        /// The result's blocks of these samples.
        case samples
        /// A partial result, which becomes whole when those of all samples are combined.
        case partial(Reduction)
    }

    /// One an operand.
    let uses: [Use]
    /// What a lane computes.
    let result: Result

    /// An op's rule where these operands lie sample by sample; nil where it needs more than some samples at a time.
    init?(_ node: Node, operands types: [TensorType], areSamples: [Bool]) {
        guard areSamples.contains(true) else { return nil }
        let samples = [Use](repeating: .samples, count: types.count)
        let firstOfTwo: [Use] = [.samples, .whole]
        func rule(_ uses: [Use], if condition: Bool = true, _ result: Result = .samples) -> BatchingRule? {
            // What is read as a whole must not differ from sample to sample.
            let fits = zip(uses, areSamples).allSatisfy { use, isSamples in use == .samples || !isSamples }
            return condition && fits ? BatchingRule(uses: uses, result: result) : nil
        }
        let found: BatchingRule?
        switch node.op {
        case .unary, .binary, .compare, .logical, .select, .convert, .reshape, .assign, .crossReplicaSum,
            .sparseSoftmaxCrossEntropy, .sparseSoftmaxCrossEntropyGradient, .pool, .maxPoolGradient, .sumPoolGradient:
            found = rule(samples)
        case .broadcast(let shape, let dimensions):
            found = rule(samples, if: dimensions.first == 0 && types[0].shape[0] == shape[0])
        case .transpose(let permutation): found = rule(samples, if: permutation[0] == 0)
        case .slice(let starts, let limits, let strides):
            found = rule(samples, if: starts[0] == 0 && limits[0] == types[0].shape[0] && strides[0] == 1)
        case .pad(let low, let high, let interior):
            found = rule(firstOfTwo, if: low[0] == 0 && high[0] == 0 && interior[0] == 0)
        case .concatenate(let axis): found = rule(samples, if: axis > 0)
        case .dot(let transposeLHS, let transposeRHS):
            // Leading axes are the batch's; without them the left matrix' rows are, or what is summed over.
            if node.type.shape.rank > 2 {
                found = rule(samples)
            } else if transposeLHS {
                found = rule(samples, if: !transposeRHS, .partial(.sum))
            } else {
                found = rule(firstOfTwo)
            }
        case .reduce(let reduction, let axes):
            found = rule(samples, axes.first == 0 ? .partial(reduction) : .samples)
        case .argMax(let axis), .cumulativeSum(let axis, _): found = rule(samples, if: axis > 0)
        case .softmax, .logSoftmax: found = rule(samples, if: node.type.shape.rank > 1)
        case .convolution, .convolutionInputGradient: found = rule(firstOfTwo)
        case .convolutionFilterGradient: found = rule(samples, .partial(.sum))
        // Of a single index the updates' first axis is the row's.
        case .scatterAdd: found = rule(samples, if: types[0].shape.rank > 0, .partial(.sum))
        case .gather: found = rule([.whole, .samples])
        case .reverse(let axes): found = rule(samples, if: axes.first != 0)
        case .infeed, .constant, .readVariable, .iota, .randomUniform, .replicaIndex, .crossReplicaGroupSum: found = nil
        }
        guard let found else { return nil }
        self = found
    }

    private init(uses: [Use], result: Result) {
        self.uses = uses
        self.result = result
    }
}
