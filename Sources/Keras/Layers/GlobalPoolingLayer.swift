import Formats
import Graph

/// The largest or the mean cell of each channel (Keras: `GlobalMaxPooling2D`, `GlobalAveragePooling1D` and the like). The mean
/// over time leaves out the steps that a mask leaves out.
struct GlobalPoolingLayer: UnaryLayer {
    let common: LayerHeader
    private let function: PoolingLayer.Function
    private let axes: Int
    private let keepsAxes: Bool

    init?(_ common: LayerHeader, _ reader: ObjectReader, _ function: PoolingLayer.Function, axes: Int) {
        self.common = common
        self.function = function
        self.axes = axes
        reader.channelsLastOnly()
        keepsAxes = reader.bool("keepdims", default: false)
    }

    func plan(_ input: [Int]) throws(SpecError) -> LayerPlan {
        try SlidingWindow.checkAxes(axes, of: input, of: self)
        return LayerPlan((keepsAxes ? Array(repeating: 1, count: axes) : []) + [input[input.count - 1]])
    }

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor {
        let axes = Array(1...self.axes)
        switch function {
        case .max: return x.reduceMax(axes: axes, keepDimensions: keepsAxes)
        case .average:
            guard axes.count == 1, let mask = call.masks.first ?? nil else {
                return x.reduceMean(axes: axes, keepDimensions: keepsAxes)
            }
            let steps = mask.cast(to: x.dtype).expandDimensions(at: 2)
            let sum = (x * steps).reduceSum(axes: axes, keepDimensions: keepsAxes)
            return sum / steps.reduceSum(axes: axes, keepDimensions: keepsAxes)
        }
    }
}
