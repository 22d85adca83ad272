package import Graph

/// What a layer makes of inputs of known shapes.
package struct LayerPlan: Sendable {
    /// The shape of one row of each output.
    package let outputs: [[Int]]
    /// The layer's variables, in Keras' order.
    package let variables: [LayerVariable]
    /// Numbers that one row takes within the layer, beside its outputs; for the estimate of a batch's size.
    package let numbers: Int

    /// One output, and variables.
    package init(_ output: [Int], variables: [LayerVariable] = [], numbers: Int = 0) {
        self.init(outputs: [output], variables: variables, numbers: numbers)
    }

    /// Several outputs, and variables.
    package init(outputs: [[Int]], variables: [LayerVariable] = [], numbers: Int = 0) {
        self.outputs = outputs
        self.variables = variables
        self.numbers = numbers
    }
}

/// A variable that a layer needs.
package struct LayerVariable: Sendable {
    /// Below the layer's name: `kernel`, `lstm_cell/kernel`.
    package let name: String
    package let shape: [Int]
    package let initializer: Initializer
    /// Whether it can be trained at all; false for moving statistics. A layer or model around it may forbid it.
    package let isTrainable: Bool
    /// What its value adds to the loss.
    package let regularizer: Regularizer?
    /// What becomes of a value that is to be stored.
    package let constraint: Constraint?

    /// A variable; trained, and without regularizer and constraint, unless said otherwise.
    package init(
        _ name: String, shape: [Int], initializer: Initializer, isTrainable: Bool = true,
        regularizer: Regularizer? = nil, constraint: Constraint? = nil
    ) {
        self.name = name
        self.shape = shape
        self.initializer = initializer
        self.isTrainable = isTrainable
        self.regularizer = regularizer
        self.constraint = constraint
    }

    /// The variable seen from a layer or model around its own: `path` in front of the name, trained only if the layer is.
    /// An empty path leaves the name.
    package func inside(_ path: String, isTrainable: Bool) -> LayerVariable {
        LayerVariable(
            path.isEmpty ? name : "\(path)/\(name)", shape: shape, initializer: initializer,
            isTrainable: self.isTrainable && isTrainable, regularizer: regularizer, constraint: constraint)
    }

    /// Why its initializer, its regularizer or its constraint does not go with its shape; nil: they do.
    var mismatch: String? {
        if let words = initializer.mismatch(Shape(shape)) { return "the initializer of \(name) does not fit: \(words)" }
        if let words = regularizer?.mismatch(shape) { return "the regularizer of \(name) does not fit: \(words)" }
        if let words = constraint?.mismatch(shape) { return "the constraint of \(name) does not fit: it \(words)" }
        return nil
    }
}
