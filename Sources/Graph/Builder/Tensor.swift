/// A value of one core's program that is known only when the program runs (TensorFlow's symbolic `tf.Tensor`).
///
/// Operations on it add nodes to its builder. Operands broadcast as NumPy's; element types never convert by themselves.
/// A fault is recorded in the builder (`GraphBuilder.error`).
public struct Tensor {
    /// The builder whose program it belongs to.
    public let builder: GraphBuilder
    /// The node whose result it is; nil once a fault made it stand for nothing.
    package let id: ValueID?
    /// Element type and shape, on one core.
    public let type: TensorType

    /// Shape on one core.
    public var shape: Shape { type.shape }
    /// Type of the elements.
    public var dtype: DType { type.dtype }
    /// Number of axes.
    public var rank: Int { type.shape.rank }

    /// An axis counted from the front; nil, with a fault recorded, when there is no such axis.
    func axis(_ axis: Int, _ op: String, rank: Int? = nil) -> Int? {
        let rank = rank ?? self.rank
        let place = axis < 0 ? axis + rank : axis
        guard place >= 0, place < rank else {
            builder.record(GraphError(.invalidAxis, "\(type) has no axis \(axis)", op: op))
            return nil
        }
        return place
    }

    /// A constant of this tensor's element type.
    func like(_ value: Double) -> Tensor { builder.constant(value, dtype: dtype) }

    /// A tensor of a plausible type that stands for nothing.
    func nothing(_ type: TensorType? = nil) -> Tensor { Tensor(builder: builder, id: nil, type: type ?? self.type) }

    /// Adds a node on this tensor.
    func apply(_ op: Op, _ others: [Tensor] = []) -> Tensor { builder.add(op, [self] + others) }

    /// This tensor stretched to a shape by NumPy's rule.
    public func broadcast(to shape: Shape) -> Tensor {
        if shape == self.shape { return self }
        guard self.shape.broadcast(with: shape) == shape else {
            return builder.fail(
                GraphError(.shapeMismatch, "\(type) doesn't stretch to \(shape)", op: "broadcast"), type.with(shape))
        }
        return apply(.broadcast(shape: shape, dimensions: Array((shape.rank - rank)..<shape.rank)))
    }

    /// Adds a node on two tensors that broadcast to one shape.
    func elementwise(_ op: Op, _ other: Tensor) -> Tensor {
        if shape == other.shape { return apply(op, [other]) }
        guard let shape = shape.broadcast(with: other.shape) else {
            return builder.fail(
                GraphError(.shapeMismatch, "\(type) and \(other.type) don't broadcast", op: op.name), type)
        }
        return broadcast(to: shape).apply(op, [other.broadcast(to: shape)])
    }
}
