/// A variable of a graph in the making (`tf.Variable`).
public struct GraphVariable {
    let builder: GraphBuilder
    /// Place in `Program.variables`.
    package let index: Int
    /// Scoped name, unique in the program.
    public let name: String
    /// Element type and shape.
    public let type: TensorType

    /// Shape of the value.
    public var shape: Shape { type.shape }

    /// The value at the step's start, also behind assignments: what shall see an assigned value uses the tensor that
    /// `assign` returns.
    public var value: Tensor { builder.read(self) }

    /// Stores `value`, of the same type, at the step's end, and gives it back. A variable is assigned at most once.
    @discardableResult
    public func assign(_ value: Tensor) -> Tensor { builder.assign(self, value) }

    /// Stores the start's value plus `delta` (which broadcasts).
    @discardableResult
    public func assignAdd(_ delta: Tensor) -> Tensor { assign(value + delta) }

    /// Stores the start's value minus `delta` (which broadcasts).
    @discardableResult
    public func assignSubtract(_ delta: Tensor) -> Tensor { assign(value - delta) }
}
