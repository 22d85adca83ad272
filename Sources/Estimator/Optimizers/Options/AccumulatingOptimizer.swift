package import Graph

/// Lets another optimizer update the variables once in several steps, by the mean of their gradients (Keras 3:
/// `gradient_accumulation_steps`). The optimizer's corrections and averages count updates, schedules count steps.
///
/// Slot: `<variable>/gradient_accumulator`.
package struct AccumulatingOptimizer: Optimizer {
    package let inner: any Optimizer
    /// Steps to one update, at least 2.
    package let steps: Int

    /// Wraps an optimizer.
    package init(_ inner: any Optimizer, steps: Int) {
        self.inner = inner
        self.steps = steps
    }

    /// The inner optimizer's gradients of one step.
    package func computeGradients(of loss: Tensor, for variables: [GraphVariable]) throws -> [VariableGradient] {
        try inner.computeGradients(of: loss, for: variables)
    }

    /// Applies the inner optimizer to the means, and keeps what it changes only where an update is due.
    package func applyGradients(_ gradients: [VariableGradient], in builder: GraphBuilder) throws -> TrainOperation {
        var slots = SlotTable(builder: builder)
        let isDue =
            (GlobalStep.value(in: builder) + 1) % builder.constant(Double(steps), dtype: .int64) .== 0
        var means = gradients
        for index in means.indices {
            guard let gradient = means[index].gradient else { continue }
            let accumulator = slots.slot("gradient_accumulator", of: means[index].variable)
            let sum = gradient + accumulator.value
            accumulator.assign(isDue.select(builder.constant(0, dtype: sum.dtype), sum))
            means[index].gradient = sum / Double(steps)
        }
        let operation = try UpdateCount.$stepsPerUpdate.withValue(steps) {
            try inner.applyGradients(means, in: builder)
        }
        let changed = means.map(\.variable) + operation.slots.compactMap { builder.variable(named: $0) }
        for variable in changed {
            builder.reassign(variable) { isDue.select($0, variable.value) }
        }
        return TrainOperation(slots: operation.slots + slots.names)
    }
}
