import Graph

/// How a work looks at a value.
enum Access: Sendable, Hashable {
    /// Element by element (chunk) or sample by sample (lane), as the work's own result.
    case rows
    /// Sample by sample, stretched.
    case stretchedRows(Stretch)
    /// One element for all; the value's first.
    case scalar
    /// The same for all samples, stretched.
    case stretched(Stretch)
    /// One core's value, or the one that all share, as a whole.
    case whole

    /// True when what is read depends on which sample is computed.
    var isByRow: Bool {
        switch self {
        case .rows, .stretchedRows: true
        case .scalar, .stretched, .whole: false
        }
    }

    /// How the value is stretched, if it is.
    var stretch: Stretch? {
        switch self {
        case .stretchedRows(let stretch), .stretched(let stretch): stretch
        case .rows, .scalar, .whole: nil
        }
    }
}

/// A value that a work reads.
struct Read: Sendable, Hashable {
    /// The value, by the place of the node that owns the storage.
    let value: Int
    /// How the value is read.
    let access: Access
}

/// Who does a work, in the order within a round.
enum WorkKind: Int, Sendable, Hashable, CaseIterable {
    /// The calling thread, in order: small things.
    case serial
    /// Lanes: rows of all cores.
    case lane
    /// One task a core.
    case replica
    /// Ranges of elements of what all cores share.
    case chunk
}

/// What a work does.
enum WorkBody: Sendable, Hashable {
    /// Computes a node.
    case compute
    /// A lane's (or a lane's segment's) share of a reduction over rows.
    case partial
    /// Adds up (or takes the maximum of) a reduction's shares.
    case merge(reduction: Int)
    /// Adds up all cores' values.
    case sumOverReplicas
    /// Adds up the values of each group of cores.
    case sumOverGroups(ReplicaGroups)
    /// Stores to a variable.
    case assign(variable: Int)

    /// True for what combines parts that others have made.
    var isMerge: Bool { if case .merge = self { true } else { false } }
}

/// One thing to do in a step.
struct Work: Sendable {
    /// What is computed.
    let body: WorkBody
    /// The node concerned.
    let node: Int
    /// By whom.
    let kind: WorkKind
    /// The value that it defines; nil for assignments.
    let value: Int?
    /// The values that it reads.
    let reads: [Read]
    /// When: works of equal stage run together; see `Schedule`.
    var stage = 0

    /// True for products, which a library computes and may refuse to.
    func mayFail(_ graph: LaneGraph) -> Bool {
        (body == .compute || body == .partial) && graph.nodes[node].op.role == .contraction
    }
}
