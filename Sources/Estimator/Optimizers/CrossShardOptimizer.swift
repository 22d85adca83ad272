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

    /// Wraps an optimizer.
    public init(_ inner: any Optimizer, reduction: Reduction = .mean) {
        self.inner = inner
        self.reduction = reduction
    }

    /// The inner optimizer's gradients of one core, not yet joined; with `mean` those of loss / shards. The number of
    /// shards is that of the surrounding ``ShardContext``, 1 without one.
    public func computeGradients(of loss: Tensor, for variables: [GraphVariable]) throws -> [VariableGradient] {
        let shards = ShardContext.numberOfShards ?? 1
        let scaled = reduction == .mean && shards > 1 ? loss * (1 / Double(shards)) : loss
        return try inner.computeGradients(of: scaled, for: variables)
    }

    /// Sums every gradient over all cores, then applies the inner optimizer on each of them alike.
    public func applyGradients(_ gradients: [VariableGradient], in builder: GraphBuilder) throws -> TrainOperation {
        let summed = gradients.map {
            VariableGradient(variable: $0.variable, gradient: $0.gradient?.crossReplicaSum())
        }
        return try inner.applyGradients(summed, in: builder)
    }
}

/// On how many shards the program that is being built will run (TensorFlow: `tpu_function.tpu_shard_context`).
package enum ShardContext {
    /// The number of shards; nil outside of a TPU computation.
    @TaskLocal package static var numberOfShards: Int?
}
