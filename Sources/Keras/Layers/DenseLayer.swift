import Formats
import Graph

/// `activation(x · kernel + bias)` over the last axis (Keras: `Dense`).
struct DenseLayer: UnaryLayer {
    static let className = "Dense"
    let common: LayerHeader
    private let units: Int
    private let unitsPointer: JSONPointer
    private let activation: Activation
    private let useBias: Bool
    private let kernelInitializer: Initializer
    private let biasInitializer: Initializer
    private let kernelRegularizer: Regularizer?
    private let biasRegularizer: Regularizer?
    private let activityRegularizer: Regularizer?
    private let kernelConstraint: Constraint?
    private let biasConstraint: Constraint?

    init?(_ common: LayerHeader, _ reader: ObjectReader) {
        self.common = common
        let units = reader.int("units", required: true, in: 1 ... .max)
        unitsPointer = reader.pointer(to: "units")
        let activation = Activation(
            reader.value("activation"), at: reader.pointer(to: "activation"), faults: reader.faults)
        useBias = reader.bool("use_bias", default: true)
        kernelInitializer = InitializerReader.read(reader, "kernel_initializer", default: .glorotUniform)
        biasInitializer = InitializerReader.read(reader, "bias_initializer", default: .zeros)
        kernelRegularizer = Regularizer(reader, "kernel_regularizer")
        biasRegularizer = Regularizer(reader, "bias_regularizer")
        activityRegularizer = Regularizer(reader, "activity_regularizer")
        kernelConstraint = Constraint(reader, "kernel_constraint")
        biasConstraint = Constraint(reader, "bias_constraint")
        reader.notSupported("lora_rank")
        reader.notSupported("quantization_config")
        reader.accept("lora_alpha")
        guard let units, let activation else { return nil }
        self.units = units
        self.activation = activation
    }

    var masking: Masking { .passes }
    var givesProbabilities: Bool { activation == .softmax }

    func plan(_ input: [Int]) throws(SpecError) -> LayerPlan {
        guard let width = input.last else {
            throw SpecError(pointer, "Dense needs rows of at least one axis, but a row of its input is a single number")
        }
        let (count, overflow) = width.multipliedReportingOverflow(by: units)
        guard !overflow, count <= SpecLimit.elements else {
            throw SpecError(
                unitsPointer,
                "units \(units) on \(width) inputs make a kernel of more than \(SpecLimit.elements) numbers")
        }
        let kernel = LayerVariable(
            "kernel", shape: [width, units], initializer: kernelInitializer, regularizer: kernelRegularizer,
            constraint: kernelConstraint)
        let bias = LayerVariable(
            "bias", shape: [units], initializer: biasInitializer, regularizer: biasRegularizer,
            constraint: biasConstraint)
        return try activation.plan(
            input.dropLast() + [units], variables: useBias ? [kernel, bias] : [kernel], in: self)
    }

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor {
        let dimensions = x.shape.dimensions
        let width = dimensions.last ?? 1
        let rows = dimensions.count == 2 ? x : x.reshape(to: [x.shape.count / max(1, width), width])
        var y = rows.matmul(call["kernel"])
        if useBias { y = y + call["bias"] }
        if dimensions.count != 2 { y = y.reshape(to: dimensions.dropLast() + [units]) }
        y = activation(y, version: common.version)
        if let activityRegularizer { call.addActivityPenalty(y, activityRegularizer) }
        return y
    }
}
