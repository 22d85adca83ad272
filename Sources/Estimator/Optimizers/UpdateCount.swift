package import Graph

/// How many times an optimizer has updated the variables: what corrections of its moments count by. It is the number of
/// steps done, but for ``AccumulatingOptimizer``, where several steps make one update.
package enum UpdateCount {
    /// Steps to one update.
    @TaskLocal static var stepsPerUpdate = 1

    /// The updates done before this step, a scalar int64: 0 in the first step.
    package static func value(in builder: GraphBuilder) -> Tensor {
        let steps = GlobalStep.value(in: builder)
        return stepsPerUpdate == 1 ? steps : steps / Double(stepsPerUpdate)
    }
}
