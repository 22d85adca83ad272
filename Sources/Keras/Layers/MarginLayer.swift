import Formats
import Graph

/// Cells added or taken away around the spatial axes (Keras: `ZeroPadding1D` to `3D`, `Cropping1D` to `3D`).
struct MarginLayer: UnaryLayer {
    /// Which of both.
    enum Function {
        /// Zeros around.
        case zeroPadding
        /// The margin left out.
        case cropping
    }

    let common: LayerHeader
    private let function: Function
    private let low: [Int]
    private let high: [Int]

    init?(_ common: LayerHeader, _ reader: ObjectReader, _ function: Function, axes: Int) {
        self.common = common
        self.function = function
        reader.channelsLastOnly()
        let margins =
            switch function {
            case .zeroPadding: reader.margins("padding", axes: axes, default: 1)
            // Keras' default of two axes is nothing.
            case .cropping: reader.margins("cropping", axes: axes, default: axes == 2 ? 0 : 1)
            }
        guard let margins else { return nil }
        (low, high) = margins
    }

    func plan(_ input: [Int]) throws(SpecError) -> LayerPlan {
        try SlidingWindow.checkAxes(low.count, of: input, of: self)
        var shape = input
        for axis in low.indices {
            let margin = low[axis] + high[axis]
            switch function {
            case .zeroPadding: shape[axis] = shape[axis].addingSaturated(margin)
            case .cropping:
                guard margin < shape[axis] else {
                    throw SpecError(
                        pointer,
                        "\(name) (\(common.className)) crops \(margin) cells along axis \(axis + 1), but rows of shape \(input) "
                            + "have \(shape[axis]): at least one must stay")
                }
                shape[axis] -= margin
            }
        }
        return LayerPlan(shape)
    }

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor {
        let (low, high) = ([0] + self.low + [0], [0] + self.high + [0])
        switch function {
        case .zeroPadding: return x.padded(low: low, high: high)
        case .cropping: return x.slice(from: low, to: zip(x.shape.dimensions, high).map { $0 - $1 })
        }
    }
}
