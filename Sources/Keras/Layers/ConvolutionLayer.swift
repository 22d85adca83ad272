import Formats
import Graph

/// A convolution over one to three spatial axes, channels last (Keras: `Conv1D`, `Conv2D`, `Conv3D`).
struct ConvolutionLayer: UnaryLayer {
    let common: LayerHeader
    private let filters: Int
    private let groups: Int
    private let groupsPointer: JSONPointer
    private let window: SlidingWindow
    private let kernel: VariableSettings
    private let output: ConvolutionOutput

    init?(_ common: LayerHeader, _ reader: ObjectReader, axes: Int) {
        self.common = common
        let filters = reader.int("filters", required: true, in: 1 ... .max)
        groups = reader.int("groups", default: 1, in: 1...SpecLimit.extent)
        groupsPointer = reader.pointer(to: "groups")
        let window = SlidingWindow(kernel: reader, axes: axes, canBeCausal: axes == 1)
        kernel = VariableSettings(reader, "kernel", default: .glorotUniform)
        let output = ConvolutionOutput(reader)
        guard let filters, let window, let output else { return nil }
        self.filters = filters
        self.window = window
        self.output = output
        if filters % groups != 0 {
            reader.fault("groups", "must divide the number of filters, \(filters), not \(groups)")
            return nil
        }
    }

    func plan(_ input: [Int]) throws(SpecError) -> LayerPlan {
        let places = try window.places(in: input, of: self)
        let channels = input[input.count - 1]
        guard channels % groups == 0 else {
            throw SpecError(groupsPointer, "must divide the channels of \(name)'s input, \(channels), not \(groups)")
        }
        let kernel = kernel.variable("kernel", window.extents + [channels / groups, filters])
        return try output.plan(places + [filters], kernels: [kernel], in: self)
    }

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor {
        let sums = x.convolution(
            call["kernel"], strides: window.strides, dilation: window.dilation, padding: window.graphPadding,
            groups: groups)
        return output(sums, call, version: common.version)
    }
}
