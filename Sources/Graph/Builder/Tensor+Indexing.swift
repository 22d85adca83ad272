extension Tensor {
    /// The rows of this table [v, r…] at integer indices [i…]: [i…, r…] (`tf.gather`, `tf.nn.embedding_lookup`). Rows of
    /// NaN (of 0 in a table of integers) where an index is outside.
    public func gather(_ indices: Tensor) -> Tensor { apply(.gather, [indices]) }

    /// [rows, r…]: the sum of these updates [i…, r…] by their integer indices [i…] (`tf.math.unsorted_segment_sum`);
    /// what is outside is left out.
    public func scatterAdd(_ indices: Tensor, rows: Int) -> Tensor { indices.apply(.scatterAdd(rows: rows), [self]) }

    /// The elements in opposite order along axes (`tf.reverse`).
    public func reversed(axes: [Int]) -> Tensor {
        var places: Set<Int> = []
        for axis in axes {
            guard let place = self.axis(axis, "reverse") else { return nothing() }
            places.insert(place)
        }
        return places.isEmpty ? self : apply(.reverse(axes: places.sorted()))
    }

    /// The sum of each element with all before it along an axis (`tf.math.cumsum`); `isExclusive` leaves the element
    /// itself out, `isReversed` begins at the end.
    public func cumulativeSum(axis place: Int, isExclusive: Bool = false, isReversed: Bool = false) -> Tensor {
        guard let place = axis(place, "cumulativeSum") else { return nothing() }
        guard isExclusive else { return apply(.cumulativeSum(axis: place, isReversed: isReversed)) }
        // One element on, and what fell off at the end left out.
        let none = shape.dimensions.map { _ in 0 }
        var one = none
        one[place] = 1
        let shifted =
            isReversed
            ? padded(low: none, high: one).slice(1..<(shape[place] + 1), axis: place)
            : padded(low: one, high: none).slice(0..<shape[place], axis: place)
        return shifted.apply(.cumulativeSum(axis: place, isReversed: isReversed))
    }
}
