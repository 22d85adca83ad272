import Formats
import Graph

/// `activation(x · kernel + bias)` over the last axis (Keras: `Dense`).
struct DenseLayer: Layer {
    static let className = "Dense"
    let name: String
    let pointer: JSONPointer
    let isTrainable: Bool
    private let units: Int
    private let unitsPointer: JSONPointer
    private let activation: Activation
    private let version: KerasVersion
    private let useBias: Bool
    private let kernelInitializer: Initializer
    private let biasInitializer: Initializer

    init?(_ common: LayerCommon, _ reader: ObjectReader) {
        name = common.name
        pointer = common.pointer
        version = common.version
        isTrainable = reader.bool("trainable", default: true) && common.modelIsTrainable
        let units = reader.int("units", required: true, in: 1 ... .max)
        unitsPointer = reader.pointer(to: "units")
        let activation = Activation(
            reader.value("activation"), at: reader.pointer(to: "activation"), faults: reader.faults)
        useBias = reader.bool("use_bias", default: true)
        kernelInitializer = InitializerReader.read(reader, "kernel_initializer", default: .glorotUniform)
        biasInitializer = InitializerReader.read(reader, "bias_initializer", default: .zeros)
        for name in [
            "kernel_regularizer", "bias_regularizer", "activity_regularizer", "kernel_constraint", "bias_constraint",
            "lora_rank", "quantization_config",
        ] {
            reader.notSupported(name)
        }
        reader.accept("lora_alpha")
        guard let units, let activation else { return nil }
        self.units = units
        self.activation = activation
    }

    func outputShape(_ input: [Int]) throws(SpecError) -> [Int] {
        guard let width = input.last else {
            throw SpecError(pointer, "Dense needs rows of at least one axis, but a row of its input is a single number")
        }
        let (count, overflow) = width.multipliedReportingOverflow(by: units)
        guard !overflow, count <= SpecLimit.elements else {
            throw SpecError(
                unitsPointer,
                "units \(units) on \(width) inputs make a kernel of more than \(SpecLimit.elements) numbers")
        }
        return input.dropLast() + [units]
    }

    func variables(_ input: [Int]) -> [LayerVariable] {
        let kernel = LayerVariable(name: "kernel", shape: [input.last ?? 1, units], initializer: kernelInitializer)
        return useBias ? [kernel, LayerVariable(name: "bias", shape: [units], initializer: biasInitializer)] : [kernel]
    }

    func call(_ x: Tensor, _ variables: [GraphVariable]) -> Tensor {
        let dimensions = x.shape.dimensions
        let width = dimensions.last ?? 1
        let rows = dimensions.count == 2 ? x : x.reshape(to: [x.shape.count / max(1, width), width])
        var y = rows.matmul(variables[0].value)
        if useBias { y = y + variables[1].value }
        if dimensions.count != 2 { y = y.reshape(to: dimensions.dropLast() + [units]) }
        return activation(y, version: version)
    }
}
