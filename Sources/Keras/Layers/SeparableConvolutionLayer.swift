import Formats
import Graph

/// A depthwise convolution, then one over the channels of each cell (Keras: `SeparableConv1D`, `SeparableConv2D`).
struct SeparableConvolutionLayer: UnaryLayer {
    let common: LayerHeader
    private let filters: Int
    private let multiplier: Int
    private let window: SlidingWindow
    private let depthwise: VariableSettings
    private let pointwise: VariableSettings
    private let output: ConvolutionOutput

    init?(_ common: LayerHeader, _ reader: ObjectReader, axes: Int) {
        self.common = common
        let filters = reader.int("filters", required: true, in: 1 ... .max)
        multiplier = reader.int("depth_multiplier", default: 1, in: 1...SpecLimit.extent)
        reader.notSupported("groups", unless: 1)
        // Keras 2 prints these of the class above; it has no variable that they could be of.
        reader.accept("kernel_initializer")
        for name in ["kernel_regularizer", "kernel_constraint"] {
            reader.notSupported(name, because: "Keras makes nothing of it; see depthwise_ and pointwise_")
        }
        let window = SlidingWindow(kernel: reader, axes: axes, canBeCausal: axes == 1)
        depthwise = VariableSettings(reader, "depthwise", default: .glorotUniform)
        pointwise = VariableSettings(reader, "pointwise", default: .glorotUniform)
        let output = ConvolutionOutput(reader)
        guard let filters, let window, let output else { return nil }
        self.filters = filters
        self.window = window
        self.output = output
    }

    func plan(_ input: [Int]) throws(SpecError) -> LayerPlan {
        let places = try window.places(in: input, of: self)
        let channels = input[input.count - 1]
        let between = channels.multipliedSaturated(by: multiplier)
        let depthwise = depthwise.variable("depthwise_kernel", window.extents + [channels, multiplier])
        let pointwise = pointwise.variable("pointwise_kernel", window.extents.map { _ in 1 } + [between, filters])
        return try output.plan(
            places + [filters], kernels: [depthwise, pointwise], numbers: (places + [between]).saturatedProduct,
            in: self)
    }

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor {
        let sums = x.depthwiseConvolution(call["depthwise_kernel"], window).convolution(call["pointwise_kernel"])
        return output(sums, call, version: common.version)
    }
}
