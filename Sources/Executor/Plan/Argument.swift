import Graph

/// A value that an instruction reads.
struct Argument: Sendable, Hashable {
    /// How the elements that are read follow from those that are computed.
    enum Indexing: Sendable, Hashable {
        /// Element by element (chunk) or sample by sample (lane), as the instruction's own result.
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

    /// The value; a node's is that of the node that owns the storage.
    let value: LoweredValue
    /// How it is read.
    let indexing: Indexing
}
