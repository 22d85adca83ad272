package import Graph

/// Keeps averages of the variables that another optimizer updates, and from time to time puts them in the variables' place
/// (Keras: `use_ema`): `average = momentum · average + (1 − momentum) · w` after each step.
///
/// Slot: `<variable>/average`.
package struct AveragedOptimizer: Optimizer {
    /// What an average starts with.
    package enum Start: Sendable, Hashable {
        /// The variable after the first update (Keras 3).
        case firstUpdate
        /// The variable before the first update (Keras 2).
        case initialValue
    }

    package let inner: any Optimizer
    /// How much of the average stays: 0 to 1.
    package let momentum: Double
    /// How many updates there are between two times that variables become their averages; nil: they never do.
    package let overwriteFrequency: Int?
    /// The step (from 1) after which the variables become their averages besides: the last of a training, as at the end of
    /// Keras' `fit`. Nil: none.
    package let lastStep: Int?
    package let start: Start
    /// How many steps make one update: those of an ``AccumulatingOptimizer`` inside. Default 1.
    package let stepsPerUpdate: Int

    /// Wraps an optimizer.
    package init(
        _ inner: any Optimizer, momentum: Double = 0.99, overwriteFrequency: Int? = nil, lastStep: Int? = nil,
        start: Start = .firstUpdate, stepsPerUpdate: Int = 1
    ) {
        self.inner = inner
        self.momentum = momentum
        self.overwriteFrequency = overwriteFrequency
        self.lastStep = lastStep
        self.start = start
        self.stepsPerUpdate = stepsPerUpdate
    }

    /// The inner optimizer's gradients.
    package func computeGradients(of loss: Tensor, for variables: [GraphVariable]) throws -> [VariableGradient] {
        try inner.computeGradients(of: loss, for: variables)
    }

    /// Applies the inner optimizer, then takes the averages.
    package func applyGradients(_ gradients: [VariableGradient], in builder: GraphBuilder) throws -> TrainOperation {
        let operation = try inner.applyGradients(gradients, in: builder)
        var slots = SlotTable(builder: builder)
        let updates = UpdateCount.$stepsPerUpdate.withValue(stepsPerUpdate) { UpdateCount.value(in: builder) }
        let isOverwritten = self.isOverwritten(updates: updates, in: builder)
        for variable in gradients.filter({ $0.gradient != nil }).map(\.variable) {
            let slot = slots.slot("average", of: variable)
            builder.reassign(variable) { updated in
                let average = slot.assign(average(of: updated, variable, slot.value, isFirst: updates .== 0))
                return isOverwritten.map { $0.select(average, updated) } ?? updated
            }
        }
        return TrainOperation(slots: operation.slots + slots.names)
    }

    /// The slot holds nothing before the first update.
    private func average(of updated: Tensor, _ variable: GraphVariable, _ slot: Tensor, isFirst: Tensor) -> Tensor {
        func mixed(_ old: Tensor) -> Tensor { old * momentum + updated * (1 - momentum) }
        return switch start {
        case .firstUpdate: isFirst.select(updated, mixed(slot))
        case .initialValue: mixed(isFirst.select(variable.value, slot))
        }
    }

    private func isOverwritten(updates: Tensor, in builder: GraphBuilder) -> Tensor? {
        let now = overwriteFrequency.map { (updates + 1) % builder.constant(Double($0), dtype: .int64) .== 0 }
        let last = lastStep.map { GlobalStep.value(in: builder) + 1 .== Double($0) }
        guard let now, let last else { return now ?? last }
        return now .| last
    }
}
