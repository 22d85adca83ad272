extension Tensor {
    /// Sum over `axes` (all by default; may count from the end). `keepDimensions` leaves them with extent 1.
    public func reduceSum(axes: [Int]? = nil, keepDimensions: Bool = false) -> Tensor {
        reduced(.sum, axes, keepDimensions)
    }

    /// Product over axes.
    public func reduceProduct(axes: [Int]? = nil, keepDimensions: Bool = false) -> Tensor {
        reduced(.product, axes, keepDimensions)
    }

    /// Maximum over axes; where several elements are largest, they share the gradient evenly, as in TensorFlow.
    public func reduceMax(axes: [Int]? = nil, keepDimensions: Bool = false) -> Tensor {
        reduced(.max, axes, keepDimensions)
    }

    /// Minimum over axes; where several elements are smallest, they share the gradient evenly.
    public func reduceMin(axes: [Int]? = nil, keepDimensions: Bool = false) -> Tensor {
        reduced(.min, axes, keepDimensions)
    }

    /// Mean over axes: the sum divided by the number of elements.
    public func reduceMean(axes: [Int]? = nil, keepDimensions: Bool = false) -> Tensor {
        guard let places = places(axes, "reduceMean") else { return nothing() }
        let count = Shape(places.map { shape[$0] }).count
        return reduceSum(axes: places, keepDimensions: keepDimensions) / Double(count)
    }

    /// ln Σ e^x over axes, shifted by the maximum where that is finite (`tf.reduce_logsumexp`).
    public func reduceLogSumExp(axes: [Int]? = nil, keepDimensions: Bool = false) -> Tensor {
        let largest = reduceMax(axes: axes, keepDimensions: true)
        let shift = largest.isFinite().select(largest, like(0)).stopGradient()
        let sum = (self - shift).exp().reduceSum(axes: axes, keepDimensions: true).log() + shift
        guard let places = places(axes, "reduceLogSumExp") else { return nothing() }
        return keepDimensions ? sum : sum.reshape(to: shape.removing(axes: places).dimensions)
    }

    /// Place of the first largest element along an axis, int64; the axis vanishes.
    public func argMax(axis place: Int = -1) -> Tensor {
        guard let place = axis(place, "argMax") else { return nothing() }
        return apply(.argMax(axis: place))
    }

    /// Place of the first smallest element along an axis, int64; the axis vanishes.
    public func argMin(axis place: Int = -1) -> Tensor {
        // The negative of an unsigned or of the smallest number is not its opposite; the distance to a bound is.
        guard dtype.isInteger else { return (-self).argMax(axis: place) }
        let bounds = dtype.bounds
        return (like(bounds.least == 0 ? Double(bounds.most) : -1) - self).argMax(axis: place)
    }

    private func reduced(_ reduction: Reduction, _ axes: [Int]?, _ keepDimensions: Bool) -> Tensor {
        guard let places = places(axes, "reduce_\(reduction.rawValue)") else { return nothing() }
        let result = places.isEmpty ? self : apply(.reduce(reduction, axes: places))
        return keepDimensions ? result.reshape(to: shape.keeping(axes: places).dimensions) : result
    }

    private func places(_ axes: [Int]?, _ op: String) -> [Int]? {
        guard let axes else { return Array(0..<rank) }
        var places: Set<Int> = []
        for axis in axes {
            guard let place = self.axis(axis, op) else { return nil }
            guard places.insert(place).inserted else {
                builder.record(GraphError(.invalidAxis, "axis \(axis) is named twice", op: op))
                return nil
            }
        }
        return places.sorted()
    }
}
