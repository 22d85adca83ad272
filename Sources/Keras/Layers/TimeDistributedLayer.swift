import Formats
import Graph
import OrderedCollections

/// A layer on each time step by itself (Keras: `TimeDistributed`): the steps are rows of a larger batch.
struct TimeDistributedLayer: UnaryLayer {
    static let className = "TimeDistributed"
    let common: LayerHeader
    private let inner: any Layer

    init?(_ common: LayerHeader, _ reader: ObjectReader) {
        self.common = common
        guard let inner = LayerReader.inner(reader, "layer", in: common) else { return nil }
        self.inner = inner
        let config = reader.value("layer").map(TimeDistributedLayer.config)
        // Keras calls what is inside without them.
        if config?["activity_regularizer"]?.isNull == false {
            reader.fault(
                "layer", "is not supported with an activity_regularizer inside TimeDistributed",
                code: SpecError.notSupported)
            return nil
        }
        let masks = inner.common.className == "Masking" || config?["mask_zero"]?.bool == true
        if masks {
            reader.fault(
                "layer", "makes a mask, which is not supported inside TimeDistributed", code: SpecError.notSupported)
            return nil
        }
    }

    /// The configuration of a layer, serialized or in the short form.
    private static func config(_ layer: JSON) -> JSON {
        if let config = layer["config"] { return config }
        return layer.object?.elements.first?.value ?? [:]
    }

    var masking: Masking { .passes }
    var takesIntegers: Bool { inner.takesIntegers }

    /// The path of the layer's variables below this one's; Keras 2 has none.
    private var part: String { common.version == .keras2 ? "" : inner.name }

    func plan(_ input: [Int]) throws(SpecError) -> LayerPlan {
        guard let time = input.first else {
            throw SpecError(
                pointer, "\(name) (TimeDistributed) takes rows of time steps, but a row of its input is a single number"
            )
        }
        let plan = try inner.plan([Array(input.dropFirst())], .tensors())
        guard plan.outputs.count == 1 else {
            throw SpecError(
                pointer, "\(name) (TimeDistributed) takes a layer of one output, not of \(plan.outputs.count)")
        }
        // Keras 3 gives each step a mean of its own.
        if common.version == .keras3, plan.variables.contains(where: { $0.name.hasSuffix("moving_mean") }) {
            throw SpecError(
                pointer, "\(name) (TimeDistributed) with BatchNormalization inside is not supported",
                code: SpecError.notSupported)
        }
        return LayerPlan(
            [time] + plan.outputs[0],
            variables: plan.variables.map { $0.inside(part, isTrainable: inner.common.isTrainable) },
            numbers: plan.numbers.multipliedSaturated(by: time))
    }

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor {
        let dimensions = x.shape.dimensions
        let steps = x.reshape(to: [dimensions[0] * dimensions[1]] + dimensions.dropFirst(2))
        let y = call.run(inner, at: part, [steps]).outputs[0]
        return y.reshape(to: Array(dimensions.prefix(2)) + y.shape.dimensions.dropFirst())
    }
}
