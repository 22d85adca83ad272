extension Tensor {
    /// Parts of these extents along an axis (`tf.split`); they add up to the axis' extent.
    public func split(sizes: [Int], axis place: Int) -> [Tensor] {
        guard let place = axis(place, "split") else { return sizes.map { _ in nothing() } }
        guard sizes.allSatisfy({ $0 >= 0 && $0 <= shape[place] }),
            sizes.reduce(0, { $0.adding(saturating: $1) }) == shape[place]
        else {
            builder.record(
                GraphError(.invalidArgument, "\(sizes) don't add up to axis \(place) of \(type)", op: "split"))
            return sizes.map { _ in nothing() }
        }
        var start = 0
        return sizes.map { size in
            defer { start += size }
            return slice(start..<(start + size), axis: place)
        }
    }

    /// This tensor so many times behind itself along each axis (`tf.tile`).
    public func tiled(_ multiples: [Int]) -> Tensor {
        guard multiples.count == rank, multiples.allSatisfy({ $0 >= 0 && $0 <= 1 << 31 }) else {
            return builder.fail(
                GraphError(.invalidArgument, "\(multiples) has not one multiple for each axis of \(type)", op: "tile"),
                type)
        }
        let spread = zip(multiples, shape.dimensions).flatMap { [$0, $1] }
        let places = (0..<rank).map { 2 * $0 + 1 }
        return apply(.broadcast(shape: Shape(spread), dimensions: places))
            .reshape(to: zip(multiples, shape.dimensions).map { $0.multiplied(saturating: $1) })
    }
}

extension GraphBuilder {
    /// √ Σ x² over all elements of all tensors (`tf.linalg.global_norm`); at least one tensor.
    public func globalNorm(_ tensors: [Tensor]) -> Tensor {
        let sums = tensors.map { $0.square().reduceSum() }
        guard let first = sums.first else {
            return fail(
                GraphError(.wrongOperandCount, "takes at least one tensor", op: "globalNorm"), .scalar(.float32))
        }
        return sums.dropFirst().reduce(first, +).sqrt()
    }

    /// Each tensor times `norm` / max(global norm, `norm`) (`tf.clip_by_global_norm`), and the global norm. All become
    /// NaN when the global norm is infinite or NaN.
    public func clipByGlobalNorm(_ tensors: [Tensor], to norm: Double) -> (clipped: [Tensor], globalNorm: Tensor) {
        let globalNorm = self.globalNorm(tensors)
        let scale = globalNorm.reciprocal().minimum(1 / norm) * norm
        // x − x is 0 for numbers, NaN for what is none.
        let guarded = scale + (globalNorm - globalNorm)
        return (tensors.map { $0 * guarded }, globalNorm)
    }
}
