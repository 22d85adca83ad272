public import Graph

/// The number of steps done, as the graph sees it: a variable that exists where something reads it. Its value is in a
/// checkpoint's `state.json`, not among the arrays.
public enum GlobalStep {
    /// The variable's name (`tf.train.get_global_step`).
    package static let name = "global_step"

    /// The number of steps done before this one, a scalar int64: 0 in the first step. Makes the variable if needed.
    public static func value(in builder: GraphBuilder) -> Tensor {
        variable(in: builder)?.value
            ?? builder.variable(
                name, dtype: .int64, initializer: .zeros, isTrainable: false, isScoped: false
            ).value
    }

    private static func variable(in builder: GraphBuilder) -> GraphVariable? {
        builder.variable(named: name)
    }

    /// Lets the variable go up by one each step, if there is one.
    package static func increment(in builder: GraphBuilder) {
        guard let variable = variable(in: builder) else { return }
        variable.assignAdd(builder.constant(1, dtype: .int64))
    }
}
