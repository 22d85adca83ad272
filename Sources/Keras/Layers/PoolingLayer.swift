import Formats
import Graph

/// The largest or the mean cell under each place of a window (Keras: `MaxPooling1D`, `AveragePooling2D` and the like). Cells of
/// padding don't count.
struct PoolingLayer: UnaryLayer {
    /// What becomes of the cells.
    enum Function {
        case max
        case average
    }

    let common: LayerHeader
    private let function: Function
    private let window: SlidingWindow

    init?(_ common: LayerHeader, _ reader: ObjectReader, _ function: Function, axes: Int) {
        self.common = common
        self.function = function
        reader.channelsLastOnly()
        guard let window = SlidingWindow(pool: reader, axes: axes) else { return nil }
        self.window = window
    }

    func plan(_ input: [Int]) throws(SpecError) -> LayerPlan {
        LayerPlan(try window.places(in: input, of: self) + [input[input.count - 1]])
    }

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor {
        switch function {
        case .max: x.maxPool(window.extents, strides: window.strides, padding: window.graphPadding)
        case .average: x.averagePool(window.extents, strides: window.strides, padding: window.graphPadding)
        }
    }
}
