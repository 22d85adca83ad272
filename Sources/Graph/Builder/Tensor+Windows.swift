/// What lies around a tensor's spatial axes when a window slides over them.
public enum WindowPadding: Sendable, Hashable {
    /// Nothing: the window stays inside.
    case valid
    /// As many cells that with strides of 1 the result has the input's extents; an odd one goes behind (TensorFlow's
    /// `SAME`).
    case same
    /// So many cells in front of and behind each axis.
    case explicit(low: [Int], high: [Int])

    /// The cells in front of and behind each axis.
    func cells(_ input: [Int], extents: [Int], strides: [Int], dilation: [Int]) -> (low: [Int], high: [Int]) {
        switch self {
        case .valid: return (input.map { _ in 0 }, input.map { _ in 0 })
        case .explicit(let low, let high): return (low, high)
        case .same:
            let totals = zip(zip(input, extents), zip(strides, dilation)).map { pair, step in
                let (size, extent) = pair
                let stride = max(1, step.0)
                let span = (extent - 1).multiplied(saturating: step.1).adding(saturating: 1)
                let places = size.adding(saturating: stride - 1) / stride
                let covered = max(0, places - 1).multiplied(saturating: stride).adding(saturating: span)
                return max(0, covered.subtracting(saturating: size))
            }
            return (totals.map { $0 / 2 }, totals.map { $0 - $0 / 2 })
        }
    }
}

extension Tensor {
    /// Convolution of [n, s…, c] with a filter [k…, c / groups, f] over one to three spatial axes, channels last
    /// (`tf.nn.convolution`; a depthwise one has `c` groups and a filter [k…, 1, c · multiplier]).
    ///
    /// - Parameters:
    ///   - filter: [k…, c / groups, f].
    ///   - strides: 1 by default.
    ///   - dilation: cells from one cell of the filter to the next; 1 by default.
    ///   - padding: what lies around the extents. Default: nothing.
    ///   - groups: parts that channels and filters are divided into, each of which meets its own. Default 1.
    public func convolution(
        _ filter: Tensor, strides: [Int]? = nil, dilation: [Int]? = nil, padding: WindowPadding = .valid,
        groups: Int = 1
    ) -> Tensor {
        let window = window(Array(filter.shape.dimensions.dropLast(2)), strides, dilation, padding, type.spatial)
        return product(.convolution(window, groups: groups), filter)
    }

    /// The transposed convolution of [n, o…, f] with a filter [k…, c / groups, f]: the gradient of `convolution` with
    /// respect to its input of these spatial extents, [n, `output`…, c] (`tf.nn.conv_transpose`).
    public func transposedConvolution(
        _ filter: Tensor, output: [Int], strides: [Int]? = nil, dilation: [Int]? = nil,
        padding: WindowPadding = .valid, groups: Int = 1
    ) -> Tensor {
        let window = window(Array(filter.shape.dimensions.dropLast(2)), strides, dilation, padding, output)
        return product(.convolutionInputGradient(window, groups: groups, input: output), filter)
    }

    /// The largest cell under each place of a window over [n, s…, c] (`tf.nn.max_pool`); strides are the window's
    /// extents by default. Where several are largest, the first one has the gradient.
    public func maxPool(_ extents: [Int], strides: [Int]? = nil, padding: WindowPadding = .valid) -> Tensor {
        apply(.pool(.max, window(extents, strides ?? extents, nil, padding, type.spatial)))
    }

    /// The mean of the cells under each place of a window over [n, s…, c]; cells of padding don't count
    /// (`tf.nn.avg_pool`).
    public func averagePool(_ extents: [Int], strides: [Int]? = nil, padding: WindowPadding = .valid) -> Tensor {
        let window = window(extents, strides ?? extents, nil, padding, type.spatial)
        let sum = apply(.pool(.sum, window))
        guard window.low.contains(where: { $0 != 0 }) || window.high.contains(where: { $0 != 0 }) else {
            return sum / Double(window.cells)
        }
        let ones = builder.constant(1, shape: Shape([1] + type.spatial + [1]), dtype: dtype)
        return sum / ones.apply(.pool(.sum, window))
    }

    private func window(
        _ extents: [Int], _ strides: [Int]?, _ dilation: [Int]?, _ padding: WindowPadding, _ input: [Int]
    ) -> Window {
        let strides = strides ?? extents.map { _ in 1 }
        let dilation = dilation ?? extents.map { _ in 1 }
        let (low, high) = padding.cells(input, extents: extents, strides: strides, dilation: dilation)
        return Window(extents: extents, strides: strides, dilation: dilation, low: low, high: high)
    }
}
