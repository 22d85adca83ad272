import Formats
import Graph

/// x where it is positive, else x times a slope that is trained (Keras: `PReLU`).
struct PReLULayer: UnaryLayer {
    static let className = "PReLU"
    let common: LayerHeader
    private let alpha: VariableSettings
    private let sharedAxes: RowAxes

    init?(_ common: LayerHeader, _ reader: ObjectReader) {
        self.common = common
        alpha = VariableSettings(reader, "alpha", default: .zeros)
        sharedAxes = RowAxes(reader, "shared_axes", default: [])
        // Keras takes -1 for the last axis but one.
        if let axis = sharedAxes.axes.first(where: { $0 < 1 }) {
            reader.fault("shared_axes", "must count axes from 1, behind the batch, not \(axis)")
            return nil
        }
    }

    var masking: Masking { .passes }

    func plan(_ input: [Int]) throws(SpecError) -> LayerPlan {
        var shape = input
        for place in try sharedAxes.places(in: input, of: self) { shape[place] = 1 }
        return LayerPlan(input, variables: [alpha.variable("alpha", shape)])
    }

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor { x.relu() - call["alpha"] * (-x).relu() }
}
