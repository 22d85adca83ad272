import Formats
import Graph

/// The gradient of a convolution with respect to its input as a layer, which makes extents larger (Keras:
/// `Conv1DTranspose`, `Conv2DTranspose`, `Conv3DTranspose`).
struct TransposedConvolutionLayer: UnaryLayer {
    let common: LayerHeader
    private let filters: Int
    private let window: SlidingWindow
    /// Nil: the extents follow from the others.
    private let outputPadding: [Int]?
    private let kernel: VariableSettings
    private let output: ConvolutionOutput

    init?(_ common: LayerHeader, _ reader: ObjectReader, axes: Int) {
        self.common = common
        let filters = reader.int("filters", required: true, in: 1 ... .max)
        reader.notSupported("groups", unless: 1)
        // Keras 2 does not hand it on to the function that computes.
        if axes == 3 { reader.notSupported("dilation_rate", unless: 1, [1, 1, 1]) }
        let window = SlidingWindow(kernel: reader, axes: axes)
        outputPadding = reader.numbers("output_padding", axes: axes, in: 0...SpecLimit.extent)
        kernel = VariableSettings(reader, "kernel", default: .glorotUniform)
        let output = ConvolutionOutput(reader)
        guard let filters, let window, let output else { return nil }
        self.filters = filters
        self.window = window
        self.output = output
        for (padding, stride) in zip(outputPadding ?? [], window.strides) where padding >= stride {
            reader.fault("output_padding", "must be less than the strides, \(window.strides), not \(padding)")
            return nil
        }
        for (padding, span) in zip(outputPadding ?? [], window.spans)
        where window.padding == .same && padding == 0 && span.isMultiple(of: 2) {
            reader.fault(
                "output_padding",
                "must be at least 1 for a kernel that covers an even number of cells and padding \"same\": TensorFlow "
                    + "makes no such output; leave it out, or give padding \"valid\"")
            return nil
        }
    }

    func plan(_ input: [Int]) throws(SpecError) -> LayerPlan {
        try window.checkAxes(of: input, of: self)
        let kernel = kernel.variable("kernel", window.extents + [filters, input[input.count - 1]])
        return try output.plan(
            extents(of: Array(input.dropLast())) + [filters], kernels: [kernel], in: self)
    }

    /// Keras' `deconv_output_length` along each axis.
    private func extents(of input: [Int]) -> [Int] {
        input.indices.map { axis in
            let stride = window.strides[axis]
            let span = window.spans[axis]
            let last = (input[axis] - 1).multipliedSaturated(by: stride)
            switch (window.padding, outputPadding?[axis]) {
            case (.same, nil): return input[axis].multipliedSaturated(by: stride)
            case (.same, let padding?): return last.addingSaturated(span % 2).addingSaturated(padding)
            case (_, nil): return last.addingSaturated(max(span, stride))
            case (_, let padding?): return last.addingSaturated(span).addingSaturated(padding)
            }
        }
    }

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor {
        let sums = x.transposedConvolution(
            call["kernel"], output: extents(of: Array(x.shape.dimensions.dropFirst().dropLast())),
            strides: window.strides, dilation: window.dilation, padding: window.graphPadding)
        return output(sums, call, version: common.version)
    }
}
