package import Graph

/// Multiplies the loss that is differentiated by a factor and divides the gradients by it, which keeps small gradients from
/// vanishing in short floating types (Keras 3: `loss_scale_factor`).
package struct LossScaledOptimizer: Optimizer {
    package let inner: any Optimizer
    /// Above 0.
    package let factor: Double

    /// Wraps an optimizer.
    package init(_ inner: any Optimizer, factor: Double) {
        self.inner = inner
        self.factor = factor
    }

    /// The inner optimizer's gradients of the scaled loss.
    package func computeGradients(of loss: Tensor, for variables: [GraphVariable]) throws -> [VariableGradient] {
        try inner.computeGradients(of: loss * factor, for: variables)
    }

    /// Divides the gradients, then applies the inner optimizer.
    package func applyGradients(_ gradients: [VariableGradient], in builder: GraphBuilder) throws -> TrainOperation {
        let plain = gradients.map {
            VariableGradient(variable: $0.variable, gradient: $0.gradient.map { $0 / factor })
        }
        return try inner.applyGradients(plain, in: builder)
    }
}
