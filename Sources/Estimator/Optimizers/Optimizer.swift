public import Graph

/// Adds to a graph what changes its variables so that a loss falls (TensorFlow: `tf.train.Optimizer`).
///
/// An optimizer is a value without state of its own: its slots are variables of the graph.
public protocol Optimizer: Sendable {
    /// Adds the gradients of a scalar loss; a variable that the loss does not depend on has zeros.
    func computeGradients(of loss: Tensor, for variables: [GraphVariable]) throws -> [VariableGradient]

    /// Adds the updates of the variables and of the optimizer's slots. A variable without gradient stays as it is.
    ///
    /// - Returns: the training operation, without the step's count.
    func applyGradients(_ gradients: [VariableGradient], in builder: GraphBuilder) throws -> TrainOperation
}

extension Optimizer {
    /// Gradients of all trainable variables, or of those given, and the updates by them; then the global step goes up
    /// by one where something in the graph reads it.
    public func minimize(_ loss: Tensor, variables: [GraphVariable]? = nil) throws -> TrainOperation {
        let variables = variables ?? loss.builder.trainableVariables
        let gradients = try computeGradients(of: loss, for: variables)
        let operation = try applyGradients(gradients, in: loss.builder)
        GlobalStep.increment(in: loss.builder)
        return operation
    }

    /// The plain gradients.
    public func computeGradients(of loss: Tensor, for variables: [GraphVariable]) throws -> [VariableGradient] {
        let gradients = loss.builder.gradients(of: loss, withRespectTo: variables)
        return zip(variables, gradients).map { VariableGradient(variable: $0, gradient: $1) }
    }
}

/// A variable and the loss' gradient with respect to it.
public struct VariableGradient {
    /// The variable.
    public var variable: GraphVariable
    /// The gradient, of the variable's type; nil: the variable is left alone.
    public var gradient: Tensor?

    /// A variable with its gradient.
    public init(variable: GraphVariable, gradient: Tensor?) {
        self.variable = variable
        self.gradient = gradient
    }
}

/// What an optimizer added to a graph.
public struct TrainOperation {
    /// Names of the optimizer's own variables, in order of creation: what `optimizer.safetensors` holds.
    package var slots: [String]

    /// An operation with these slots.
    public init(slots: [String]) { self.slots = slots }
}
