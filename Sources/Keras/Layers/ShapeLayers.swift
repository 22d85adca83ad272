import Formats
import Graph

/// All axes of a row in one (Keras: `Flatten`).
struct FlattenLayer: UnaryLayer {
    static let className = "Flatten"
    let common: LayerHeader

    init?(_ common: LayerHeader, _ reader: ObjectReader) {
        self.common = common
        reader.channelsLastOnly()
    }

    func plan(_ input: [Int]) -> LayerPlan { LayerPlan([input.saturatedProduct]) }

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor {
        x.reshape(to: [x.shape[0], x.shape.dimensions.dropFirst().saturatedProduct])
    }
}

/// An activation as a layer of its own (Keras: `Activation`).
struct ActivationLayer: UnaryLayer {
    static let className = "Activation"
    let common: LayerHeader
    private let activation: Activation

    init?(_ common: LayerHeader, _ reader: ObjectReader) {
        self.common = common
        guard let value = reader.value("activation", required: true),
            let activation = Activation(value, at: reader.pointer(to: "activation"), faults: reader.faults)
        else { return nil }
        self.activation = activation
    }

    var masking: Masking { .passes }
    var givesProbabilities: Bool { activation == .softmax }

    func plan(_ input: [Int]) throws(SpecError) -> LayerPlan { try activation.plan(input, in: self) }

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor { activation(x, version: common.version) }
}
