/// Rows of what slides a window over the spatial axes of [n, s…, c].
extension TypeRules {
    func convolution(
        _ x: TensorType, _ filter: TensorType, _ window: Window, _ groups: Int
    ) throws(GraphError) -> TensorType {
        let axes = try spatial(x)
        let places = try places(window, axes, of: x)
        let channels = try channels(filter, window, groups, dtype: x.dtype)
        guard x.shape[axes.count + 1] == channels.input else {
            throw GraphError(.shapeMismatch, "\(filter) in \(groups) groups takes \(channels.input) channels, not \(x)")
        }
        return x.with(Shape([x.shape[0]] + places + [channels.output]))
    }

    func convolutionInputGradient(
        _ upstream: TensorType, _ filter: TensorType, _ window: Window, _ groups: Int, _ input: [Int]
    ) throws(GraphError) -> TensorType {
        let axes = try spatial(upstream)
        let channels = try channels(filter, window, groups, dtype: upstream.dtype)
        let x = upstream.with(Shape([upstream.shape[0]] + input + [channels.input]))
        guard axes.count == input.count, try places(window, input, of: x) == axes,
            upstream.shape[axes.count + 1] == channels.output
        else {
            throw GraphError(.shapeMismatch, "\(upstream) is not what \(filter) makes of \(x) by the window \(window)")
        }
        return x
    }

    func convolutionFilterGradient(
        _ x: TensorType, _ upstream: TensorType, _ window: Window, _ groups: Int
    ) throws(GraphError) -> TensorType {
        let axes = try spatial(x)
        let channels = (x.shape[axes.count + 1], upstream.shape[axes.count + 1])
        guard groups >= 1, channels.0 % groups == 0, channels.1 % groups == 0 else {
            throw GraphError(.shapeMismatch, "the channels of \(x) and \(upstream) don't make \(groups) groups")
        }
        guard x.dtype == upstream.dtype,
            try upstream.shape.dimensions.dropLast() == [x.shape[0]]
                + places(window, axes, of: x)
        else { throw GraphError(.shapeMismatch, "\(upstream) is not what the window \(window) makes of \(x)") }
        return x.with(Shape(window.extents + [channels.0 / groups, channels.1]))
    }

    func pool(_ x: TensorType, _ window: Window) throws(GraphError) -> TensorType {
        let axes = try spatial(x)
        return x.with(Shape([x.shape[0]] + (try places(window, axes, of: x)) + [x.shape[axes.count + 1]]))
    }

    func maxPoolGradient(
        _ x: TensorType, _ upstream: TensorType, _ window: Window
    ) throws(GraphError) -> TensorType {
        guard try pool(x, window) == upstream else {
            throw GraphError(.shapeMismatch, "\(upstream) is not what the window \(window) makes of \(x)")
        }
        return x
    }

    func sumPoolGradient(_ upstream: TensorType, _ window: Window, _ input: [Int]) throws(GraphError) -> TensorType {
        let axes = try spatial(upstream)
        let x = upstream.with(Shape([upstream.shape[0]] + input + [upstream.shape[axes.count + 1]]))
        guard axes.count == input.count, try pool(x, window) == upstream else {
            throw GraphError(.shapeMismatch, "\(upstream) is not what the window \(window) makes of \(x)")
        }
        return x
    }

    /// The extents between batch and channels, of which there are one to three.
    private func spatial(_ type: TensorType) throws(GraphError) -> [Int] {
        let axes = try floating(type).spatial
        guard type.shape.rank >= 3, axes.count <= 3 else {
            throw GraphError(.shapeMismatch, "takes [n, 1 to 3 spatial axes, channels], not \(type)")
        }
        return axes
    }

    private func places(_ window: Window, _ axes: [Int], of type: TensorType) throws(GraphError) -> [Int] {
        guard let places = window.places(in: axes) else {
            throw GraphError(.shapeMismatch, "a window of \(window) fits nowhere in \(type)")
        }
        return places
    }

    /// The channels that a filter [k…, c / groups, f] takes and gives.
    private func channels(
        _ filter: TensorType, _ window: Window, _ groups: Int, dtype: DType
    ) throws(GraphError) -> (input: Int, output: Int) {
        let rank = filter.shape.rank
        guard filter.dtype == dtype else {
            throw GraphError(.typeMismatch, "\(filter) does not filter \(dtype.rawValue)")
        }
        guard rank >= 3, Array(filter.shape.dimensions.dropLast(2)) == window.extents else {
            throw GraphError(.shapeMismatch, "\(filter) is not a filter of \(window.extents) cells")
        }
        guard groups >= 1, filter.shape[rank - 1] % groups == 0 else {
            throw GraphError(.invalidArgument, "\(filter.shape[rank - 1]) filters don't make \(groups) groups")
        }
        return (filter.shape[rank - 2].multiplied(saturating: groups), filter.shape[rank - 1])
    }
}
