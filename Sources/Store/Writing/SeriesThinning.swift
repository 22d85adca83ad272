/// Which points of a step series are kept, by a rule of step numbers alone.
///
/// The steps are divided into windows of 2^shift steps from 0 on; of each window the first point stays, and so does the
/// last point of all. The shift is the smallest with which at most ``limit`` windows have a point. As the first point of a
/// window of twice the width is the first point of one of its halves, a series that is thinned as it grows ends up with
/// the same points as one that is thinned at its end: when points come, in which batches, and how often an attempt begins
/// anew does not matter.
struct SeriesThinning: Equatable {
    /// The windows' width is 2 to this power.
    let shift: Int
    /// How many windows have a point.
    private(set) var windows: Int
    /// The largest step that is the first of its window; nil while there is no point.
    private(set) var newestFirst: Int?
    /// The largest step of all where it is not the first of its window: kept until the next one comes.
    private(set) var tail: Int?
    /// So many windows may have a point.
    private let limit: Int

    /// Takes a series up.
    ///
    /// - Parameters:
    ///   - last: The steps of its last two points, the larger one first.
    init(shift: Int, windows: Int, last: [Int], limit: Int) {
        self.shift = shift
        self.windows = windows
        self.limit = limit
        if last.count == 2, last[0] >> shift == last[1] >> shift {
            (newestFirst, tail) = (last[1], last[0])
        } else {
            newestFirst = last.first
        }
    }

    /// The largest step.
    var last: Int? { tail ?? newestFirst }

    /// Whether more windows have a point than may: they have to become twice as wide.
    var isTooDense: Bool { windows > limit && shift < 62 }

    /// A later point comes: the tail goes.
    ///
    /// - Returns: The step of the tail that goes; nil when there was none.
    mutating func append(_ step: Int) -> Int? {
        let gone = tail
        tail = nil
        if let newestFirst, newestFirst >> shift == step >> shift {
            tail = step
        } else {
            newestFirst = step
            windows += 1
        }
        return gone
    }

    /// The steps of the window that a step lies in.
    func window(of step: Int) -> ClosedRange<Int> {
        let first = (step >> shift) << shift
        return first...(first + ((1 << shift) - 1))
    }
}
