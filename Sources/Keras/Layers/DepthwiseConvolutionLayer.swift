import Formats
import Graph

/// A convolution of each channel by itself, with some kernels for each (Keras: `DepthwiseConv1D`, `DepthwiseConv2D`).
struct DepthwiseConvolutionLayer: UnaryLayer {
    let common: LayerHeader
    private let multiplier: Int
    private let window: SlidingWindow
    private let kernel: VariableSettings
    private let output: ConvolutionOutput

    init?(_ common: LayerHeader, _ reader: ObjectReader, axes: Int) {
        self.common = common
        multiplier = reader.int("depth_multiplier", default: 1, in: 1...SpecLimit.extent)
        reader.notSupported("groups", unless: 1)
        let window = SlidingWindow(kernel: reader, axes: axes)
        kernel = VariableSettings(reader, "depthwise", default: .glorotUniform)
        let output = ConvolutionOutput(reader)
        guard let window, let output else { return nil }
        self.window = window
        self.output = output
    }

    /// The kernel's name differs between the versions.
    private var kernelName: String {
        switch common.version {
        case .keras2: "depthwise_kernel"
        case .keras3: "kernel"
        }
    }

    func plan(_ input: [Int]) throws(SpecError) -> LayerPlan {
        let places = try window.places(in: input, of: self)
        let channels = input[input.count - 1]
        let filters = channels.multipliedSaturated(by: multiplier)
        let kernel = kernel.variable(kernelName, window.extents + [channels, multiplier])
        return try output.plan(places + [filters], kernels: [kernel], in: self)
    }

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor {
        output(x.depthwiseConvolution(call[kernelName], window), call, version: common.version)
    }
}

extension Tensor {
    /// The convolution of each of the channels with its kernels, of [k…, c, multiplier]: [n, s…, c · multiplier].
    func depthwiseConvolution(_ kernel: Tensor, _ window: SlidingWindow) -> Tensor {
        let channels = shape.dimensions.last ?? 1
        let multiplier = kernel.shape.dimensions.last ?? 1
        return convolution(
            kernel.reshape(to: window.extents + [1, channels * multiplier]), strides: window.strides,
            dilation: window.dilation, padding: window.graphPadding, groups: channels)
    }
}
