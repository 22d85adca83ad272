/// A value that outlives the step: weights, optimizer slots, counters.
package struct Variable: Sendable, Hashable {
    /// Scoped and unique in the program (`dense/kernel`); what checkpoints are keyed by.
    package var name: String
    /// Element type and shape.
    package var type: TensorType
    /// True when optimizers update it (TensorFlow's TRAINABLE_VARIABLES).
    package var isTrainable: Bool
    /// How it gets its first value.
    package var initializer: Initializer

    /// A variable of these parts.
    package init(name: String, type: TensorType, isTrainable: Bool, initializer: Initializer) {
        self.name = name
        self.type = type
        self.isTrainable = isTrainable
        self.initializer = initializer
    }

    /// The first value: depends on (seed, name, type, initializer) and on nothing else.
    package func initialValue(seed: UInt64) -> Literal { initializer.value(type: type, seed: seed, name: name) }
}
