public import Graph

/// Lets the cores of a TPU train one model: adds up every gradient over all cores before the inner optimizer uses it
/// (TensorFlow: `tf.tpu.CrossShardOptimizer`). Training on the TPU needs it.
public struct CrossShardOptimizer: Optimizer {
    /// How gradients are joined.
    public enum Reduction: String, Sendable, Equatable {
        /// The loss that is differentiated is divided by the number of shards, so that the sum is the mean.
        case mean
        /// The plain sum.
        case sum
    }

    /// What uses the joined gradients; slots carry its names.
    package let inner: any Optimizer
    /// How gradients are joined. Default mean.
    package let reduction: Reduction

    /// Groups of cores that train one model each; nil for all cores together.
    package let groupAssignment: [[Int]]?

    /// Wraps an optimizer.
    ///
    /// - Parameters:
    ///   - inner: updates the variables.
    ///   - reduction: what becomes of the cores' gradients. Default: their mean.
    ///   - groupAssignment: lists of cores of one length that name every core once. Each group trains a model of its own, and
    ///     what is saved is that of core 0's. Default nil: all cores train one.
    public init(_ inner: any Optimizer, reduction: Reduction = .mean, groupAssignment: [[Int]]? = nil) {
        self.inner = inner
        self.reduction = reduction
        self.groupAssignment = groupAssignment
    }

    /// The inner optimizer's gradients of one core, not yet joined; with `mean` those of loss / shards, or of loss / cores
    /// of a group. The number of shards is that of the surrounding `ShardContext`, 1 without one. Throws
    /// `groupAssignmentIncomplete` and `groupAssignmentUneven`.
    public func computeGradients(of loss: Tensor, for variables: [GraphVariable]) throws -> [VariableGradient] {
        let shards = ShardContext.numberOfShards ?? 1
        let joined = try groupSize(of: shards) ?? shards
        let scaled = reduction == .mean && shards > 1 ? loss * (1 / Double(joined)) : loss
        return try inner.computeGradients(of: scaled, for: variables)
    }

    /// Sums every gradient over all cores or those of each group, then applies the inner optimizer on each of them alike.
    public func applyGradients(_ gradients: [VariableGradient], in builder: GraphBuilder) throws -> TrainOperation {
        let summed = gradients.map {
            VariableGradient(variable: $0.variable, gradient: $0.gradient.map(joined))
        }
        return try inner.applyGradients(summed, in: builder)
    }

    private func joined(_ gradient: Tensor) -> Tensor {
        groupAssignment.map { gradient.crossReplicaSum(groups: $0) } ?? gradient.crossReplicaSum()
    }

    /// Cores of one group; nil without groups.
    private func groupSize(of shards: Int) throws -> Int? {
        guard let groupAssignment else { return nil }
        guard groupAssignment.flatMap(\.self).sorted() == Array(0..<shards) else {
            throw EstimatorError.groupAssignmentIncomplete(numShards: shards)
        }
        guard let size = groupAssignment.first?.count, groupAssignment.allSatisfy({ $0.count == size }) else {
            throw EstimatorError.groupAssignmentUneven(sizes: groupAssignment.map(\.count))
        }
        return size
    }
}

/// On how many shards the program that is being built will run (TensorFlow: `tpu_function.tpu_shard_context`).
package enum ShardContext {
    /// The number of shards; nil outside of a TPU computation.
    @TaskLocal package static var numberOfShards: Int?
}
