/// Over what an instruction is spread: what its tasks are, in the order within a round of regions.
enum Grid: Sendable, Hashable, Comparable {
    /// One task, on the calling thread: small things.
    case serial
    /// A task a lane: rows of all cores.
    case lane
    /// A task a core.
    case replica
    /// A task a range of elements of what all cores share.
    case chunk
}
