package import Graph

/// Changes variables after another optimizer has updated them (Keras: `kernel_constraint` and the like).
package struct ConstrainedOptimizer: Optimizer {
    package let inner: any Optimizer
    /// What becomes of a variable's new value, by the variable's name.
    package let constraints: [String: @Sendable (Tensor) -> Tensor]

    /// Wraps an optimizer.
    package init(_ inner: any Optimizer, constraints: [String: @Sendable (Tensor) -> Tensor]) {
        self.inner = inner
        self.constraints = constraints
    }

    /// The inner optimizer's gradients.
    package func computeGradients(of loss: Tensor, for variables: [GraphVariable]) throws -> [VariableGradient] {
        try inner.computeGradients(of: loss, for: variables)
    }

    /// Applies the inner optimizer, then the constraints of the variables that it updates.
    package func applyGradients(_ gradients: [VariableGradient], in builder: GraphBuilder) throws -> TrainOperation {
        let operation = try inner.applyGradients(gradients, in: builder)
        for variable in gradients.map(\.variable) {
            guard let constraint = constraints[variable.name] else { continue }
            builder.reassign(variable, constraint)
        }
        return operation
    }
}
