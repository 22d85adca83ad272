import Formats
import Graph

/// All axes of a row in one (Keras: `Flatten`).
struct FlattenLayer: Layer {
    static let className = "Flatten"
    let name: String
    let pointer: JSONPointer

    init?(_ common: LayerCommon, _ reader: ObjectReader) {
        name = common.name
        pointer = common.pointer
        reader.accept("trainable")
        if let format = reader.string("data_format"), format != "channels_last" {
            reader.fault(
                "data_format", "\(format) is not supported: data is channels_last", code: SpecError.notSupported)
        }
    }

    func outputShape(_ input: [Int]) -> [Int] { [input.saturatedProduct] }

    func call(_ x: Tensor, _ variables: [GraphVariable]) -> Tensor {
        x.reshape(to: [x.shape[0], x.shape.dimensions.dropFirst().saturatedProduct])
    }
}

/// An activation as a layer of its own (Keras: `Activation`).
struct ActivationLayer: Layer {
    static let className = "Activation"
    let name: String
    let pointer: JSONPointer
    private let activation: Activation
    private let version: KerasVersion

    init?(_ common: LayerCommon, _ reader: ObjectReader) {
        name = common.name
        pointer = common.pointer
        version = common.version
        reader.accept("trainable")
        guard let value = reader.value("activation", required: true),
            let activation = Activation(value, at: reader.pointer(to: "activation"), faults: reader.faults)
        else { return nil }
        self.activation = activation
    }

    func outputShape(_ input: [Int]) throws(SpecError) -> [Int] {
        if input.isEmpty, activation == .softmax || activation == .logSoftmax {
            throw SpecError(pointer, "\(activation.rawValue) needs rows of at least one axis")
        }
        return input
    }

    func call(_ x: Tensor, _ variables: [GraphVariable]) -> Tensor { activation(x, version: version) }
}
