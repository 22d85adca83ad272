import Formats
import Graph

/// Each row of mean 0 and deviation 1 along some of its axes, then scaled and shifted (Keras: `LayerNormalization`).
struct LayerNormalizationLayer: UnaryLayer {
    static let className = "LayerNormalization"
    let common: LayerHeader
    private let axes: RowAxes
    private let epsilon: Double
    private let beta: VariableSettings?
    private let gamma: VariableSettings?

    init?(_ common: LayerHeader, _ reader: ObjectReader) {
        self.common = common
        axes = RowAxes(reader)
        epsilon = reader.double("epsilon", default: 1e-3, in: .notNegative)
        let beta = VariableSettings(reader, "beta", default: .zeros)
        let gamma = VariableSettings(reader, "gamma", default: .ones)
        self.beta = reader.bool("center", default: true) ? beta : nil
        self.gamma = reader.bool("scale", default: true) ? gamma : nil
        reader.notSupported("rms_scaling", unless: false, because: "use RMSNormalization")
        if axes.axes.isEmpty {
            reader.fault("axis", "must name at least one axis")
            return nil
        }
    }

    var masking: Masking { .passes }
    var keepsVariables: Bool { true }

    func plan(_ input: [Int]) throws(SpecError) -> LayerPlan {
        let shape = try axes.places(in: input, of: self, isOrdered: true).map { input[$0] }
        return LayerPlan(
            input, variables: [gamma?.variable("gamma", shape), beta?.variable("beta", shape)].compactMap(\.self))
    }

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor {
        let axes = axes.tensorAxes(rank: x.rank)
        let shape = x.shape.dimensions.indices.map { axes.contains($0) ? x.shape[$0] : 1 }
        func spread(_ tensor: Tensor) -> Tensor { axes == [x.rank - 1] ? tensor : tensor.reshape(to: shape) }
        let centered = x - x.reduceMean(axes: axes, keepDimensions: true)
        let variance = centered.square().reduceMean(axes: axes, keepDimensions: true)
        var y = centered * (variance + epsilon).rsqrt()
        if gamma != nil { y = y * spread(call["gamma"]) }
        if beta != nil { y = y + spread(call["beta"]) }
        return y
    }
}
