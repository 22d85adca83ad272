import Graph

/// Which steps of a sequence another sequence's steps may look at.
enum AttentionMask {
    /// True where the step of a value is not behind that of the query: [1, queries, keys].
    static func causal(_ builder: GraphBuilder, queries: Int, keys: Int) -> Tensor {
        let shape: Shape = [1, queries, keys]
        return builder.iota(shape: shape, axis: 1, dtype: .int32) .>= builder.iota(shape: shape, axis: 2, dtype: .int32)
    }

    /// What all masks say together; nil when none is given.
    static func joined(_ masks: [Tensor?]) -> Tensor? {
        let given = masks.compactMap(\.self)
        return given.first.map { given.dropFirst().reduce($0) { $0 .& $1 } }
    }

    /// What is added to scores before their softmax: 0 where a step may be looked at, else so little that it does not count;
    /// where no step may, all count the same, as in Keras.
    static func bias(_ mask: Tensor) -> Tensor { (mask.cast(to: .float32) - 1) * 1e9 }
}
