import Formats
import Graph

/// e^x / Σ e^x along one axis or several (Keras: `Softmax`). What a mask of the input's shape leaves out counts as nothing.
struct SoftmaxLayer: UnaryLayer {
    static let className = "Softmax"
    let common: LayerHeader
    private let axes: RowAxes

    init?(_ common: LayerHeader, _ reader: ObjectReader) {
        self.common = common
        axes = RowAxes(reader)
        if axes.axes.isEmpty {
            reader.fault("axis", "must name at least one axis")
            return nil
        }
    }

    var masking: Masking { .passes }
    var givesProbabilities: Bool { axes.axes == [-1] }

    func plan(_ input: [Int]) throws(SpecError) -> LayerPlan {
        _ = try axes.places(in: input, of: self)
        return LayerPlan(input)
    }

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor {
        guard let mask = call.masks.first ?? nil, mask.shape == x.shape else { return softmax(x) }
        let counted = softmax(mask.select(x, x.builder.constant(-1e9, dtype: x.dtype)))
        return mask.select(counted, x.builder.constant(0, dtype: x.dtype))
    }

    private func softmax(_ x: Tensor) -> Tensor {
        let axes = axes.tensorAxes(rank: x.rank)
        if let axis = axes.first, axes.count == 1 { return x.softmax(axis: axis) }
        return (x - x.reduceLogSumExp(axes: axes, keepDimensions: true)).exp()
    }
}
