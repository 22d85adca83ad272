import Graph

/// A shape with extents that follow the batch: found by building the same program for batches of two sizes.
struct BatchShape: Equatable {
    /// One extent.
    enum Extent: Equatable {
        /// The same for every batch.
        case fixed(Int)
        /// So many times the batch's rows.
        case batches(Int)
    }

    /// The rows of the two batches: numbers without a common factor, and few.
    static let rows = (2, 3)

    /// In order.
    let extents: [Extent]

    /// The shape that is one of these two for the two batches; nil where it does not follow the batch by a factor.
    init?(_ one: Shape, _ other: Shape) {
        guard one.rank == other.rank else { return nil }
        var extents: [Extent] = []
        for (first, second) in zip(one.dimensions, other.dimensions) {
            if first == second {
                extents.append(.fixed(first))
            } else if second > first, first == (second - first) * Self.rows.0 {
                extents.append(.batches(second - first))
            } else {
                return nil
            }
        }
        self.extents = extents
    }

    /// Whether all extents are the same for every batch.
    var isFixed: Bool { extents.allSatisfy { if case .fixed = $0 { true } else { false } } }

    /// The extents; nil for those that follow the batch.
    var known: [Int?] { extents.map { if case .fixed(let extent) = $0 { extent } else { nil } } }
}
