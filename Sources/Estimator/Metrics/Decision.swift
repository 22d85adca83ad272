package import Graph

/// Which predictions count as a yes: without a bound and a number of the largest, those that are not 0.
package struct Decision: Sendable {
    /// Those above this number, which does not count itself; nil: of any size.
    package let above: Double?
    /// Those among so many of the largest of the last axis, the first of equal ones; nil: all.
    package let top: Int?
    /// The only class that is looked at, a place of the last axis; nil: all are.
    package let classNumber: Int?

    /// A decision.
    package init(above: Double? = nil, top: Int? = nil, classNumber: Int? = nil) {
        self.above = above
        self.top = top
        self.classNumber = classNumber
    }

    /// What is there (labels that are not 0) and what is found, of one bool shape: that of the predictions, or with a class its
    /// numbers alone.
    package func callAsFunction(labels: Tensor, predictions: Tensor) -> (isThere: Tensor, isFound: Tensor) {
        let scores = predictions.dtype.isFloating ? predictions : predictions.cast(to: .float32)
        let (y, p) = Losses.aligned(labels, scores)
        let (isThere, isFound) = (y .!= 0, found(p))
        guard let classNumber else { return (isThere, isFound) }
        let range = classNumber..<(classNumber + 1)
        return (isThere.slice(range, axis: -1), isFound.slice(range, axis: -1))
    }

    private func found(_ p: Tensor) -> Tensor {
        let isAbove = above.map { p .> $0 }
        let isTop = top.map { Self.top($0, p) }
        guard let isAbove, let isTop else { return isAbove ?? isTop ?? (p .!= 0) }
        return isAbove .& isTop
    }

    private static func top(_ count: Int, _ scores: Tensor) -> Tensor {
        let classes = scores.shape.dimensions.last ?? 1
        let least = scores.builder.constant(-.infinity, dtype: scores.dtype)
        var rest = scores
        var isChosen = scores .!= scores
        // One round a class that is still to be chosen: the device can't sort.
        for _ in 0..<min(count, classes) {
            let isBest = rest.argMax().oneHot(depth: classes, dtype: .bool)
            isChosen = isChosen .| isBest
            rest = isBest.select(least, rest)
        }
        return isChosen
    }
}
