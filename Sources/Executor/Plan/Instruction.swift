import Graph

/// One thing to do in a step: to compute a node of the graph, to combine what lanes or cores have made, or to store to a
/// variable. What runs is planned from it: a kernel's call, or an operation of a fused group.
struct Instruction: Sendable {
    /// What an instruction does.
    enum Body: Sendable, Hashable {
        /// Computes a node.
        case compute
        /// What a lane (or each of its segments) makes of a reduction over rows: a partial sum.
        case partial
        /// Adds up (or takes the maximum of) a reduction's partial sums.
        case merge(reduction: ValueID)
        /// Adds up all cores' values.
        case sumOverReplicas
        /// Adds up the values of each group of cores.
        case sumOverGroups(ReplicaGroups)
        /// Stores to a variable.
        case assign(variable: Int)

        /// True for what combines partial sums that others have made.
        var isMerge: Bool { if case .merge = self { true } else { false } }
    }

    /// What is computed.
    let body: Body
    /// The node concerned.
    let node: ValueID
    /// Over what it is spread.
    let grid: Grid
    /// The value that it defines; nil for assignments.
    let result: LoweredValue?
    /// The values that it reads.
    let arguments: [Argument]
    /// True for products, which a library computes and may refuse to.
    func mayFail(_ graph: LaneGraph) -> Bool {
        (body == .compute || body == .partial) && graph[node].op.role == .contraction
    }
}
