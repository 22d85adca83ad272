import Formats
import Graph

/// How one variable of a layer is initialized, regularized and constrained: the keys `kernel_initializer`,
/// `kernel_regularizer` and `kernel_constraint` for the prefix `kernel`.
struct VariableSettings: Sendable {
    /// What the variable starts with.
    let initializer: Initializer
    private let regularizer: Regularizer?
    private let constraint: Constraint?

    /// Reads the three keys; the initializer is `fallback` where none is given.
    init(_ reader: ObjectReader, _ prefix: String, default fallback: Initializer) {
        initializer = InitializerReader.read(reader, "\(prefix)_initializer", default: fallback)
        regularizer = Regularizer(reader, "\(prefix)_regularizer")
        constraint = Constraint(reader, "\(prefix)_constraint")
    }

    /// The variable of this name and shape.
    func variable(_ name: String, _ shape: [Int]) -> LayerVariable {
        LayerVariable(
            name, shape: shape, initializer: initializer, regularizer: regularizer, constraint: constraint)
    }
}
