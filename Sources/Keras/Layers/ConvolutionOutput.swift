import Formats
import Graph

/// What the output of a convolution goes through: its bias, its activation and the penalty on it.
struct ConvolutionOutput: Sendable {
    private let activation: Activation
    private let useBias: Bool
    private let bias: VariableSettings
    private let activityRegularizer: Regularizer?

    /// Reads `activation`, `use_bias`, the bias' keys, `activity_regularizer` and what no convolution has here; nil where the
    /// activation is at fault.
    init?(_ reader: ObjectReader) {
        let activation = Activation(
            reader.value("activation"), at: reader.pointer(to: "activation"), faults: reader.faults)
        useBias = reader.bool("use_bias", default: true)
        bias = VariableSettings(reader, "bias", default: .zeros)
        activityRegularizer = Regularizer(reader, "activity_regularizer")
        reader.channelsLastOnly()
        reader.notSupported("lora_rank")
        reader.notSupported("quantization_config")
        reader.accept("lora_alpha")
        guard let activation else { return nil }
        self.activation = activation
    }

    /// The layer's plan for sums of this shape of a row, which these kernels made.
    ///
    /// - Parameter numbers: what a row takes within the layer before the sums.
    /// - Throws: at the layer, where the activation does not go with the shape.
    func plan(
        _ sums: [Int], kernels: [LayerVariable], numbers: Int = 0, in layer: any Layer
    ) throws(SpecError) -> LayerPlan {
        let bias = useBias ? [bias.variable("bias", [sums.last ?? 1])] : []
        return try activation.plan(sums, variables: kernels + bias, numbers: numbers, in: layer)
    }

    /// The layer's output for the sums that the kernel made.
    func callAsFunction(_ sums: Tensor, _ call: LayerCall, version: KerasVersion) -> Tensor {
        let y = activation(useBias ? sums + call["bias"] : sums, version: version)
        if let activityRegularizer { call.addActivityPenalty(y, activityRegularizer) }
        return y
    }
}
