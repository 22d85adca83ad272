package import Graph

/// Cuts gradients before another optimizer uses them (Keras: `clipnorm`, `global_clipnorm`, `clipvalue`).
///
/// Inside of a ``CrossShardOptimizer`` it sees the gradients summed over the cores, as Keras' optimizers do: they add up the
/// replicas' gradients first. What a model function does itself between `computeGradients` and `applyGradients` of a
/// `CrossShardOptimizer` acts on one core's gradients, as in TPUEstimator's source.
package struct ClippedOptimizer: Optimizer {
    /// How gradients are cut; each number is positive.
    package enum Clipping: Sendable, Hashable {
        /// Each variable's gradient by itself, to this length.
        case norm(Double)
        /// All gradients together, to this length. All become NaN where the length is infinite or NaN.
        case globalNorm(Double)
        /// Each number, to ± this one.
        case value(Double)
    }

    package let inner: any Optimizer
    package let clipping: Clipping

    /// Wraps an optimizer.
    package init(_ inner: any Optimizer, to clipping: Clipping) {
        self.inner = inner
        self.clipping = clipping
    }

    /// The inner optimizer's gradients, not yet cut.
    package func computeGradients(of loss: Tensor, for variables: [GraphVariable]) throws -> [VariableGradient] {
        try inner.computeGradients(of: loss, for: variables)
    }

    /// Cuts the gradients, then applies the inner optimizer.
    package func applyGradients(_ gradients: [VariableGradient], in builder: GraphBuilder) throws -> TrainOperation {
        var clipped = gradients
        switch clipping {
        case .norm(let limit):
            for index in clipped.indices {
                clipped[index].gradient = clipped[index].gradient.map { gradient in
                    gradient * limit / gradient.square().reduceSum().sqrt().maximum(limit)
                }
            }
        case .globalNorm(let limit):
            let places = clipped.indices.filter { clipped[$0].gradient != nil }
            let tensors = places.compactMap { clipped[$0].gradient }
            guard !tensors.isEmpty else { break }
            for (place, tensor) in zip(places, builder.clipByGlobalNorm(tensors, to: limit).clipped) {
                clipped[place].gradient = tensor
            }
        case .value(let limit):
            for index in clipped.indices {
                clipped[index].gradient = clipped[index].gradient?.clipped(from: -limit, to: limit)
            }
        }
        return try inner.applyGradients(clipped, in: builder)
    }
}
