import Graph

/// A convolution of one number of rows as oneDNN sees it: two or three spatial axes, extents in oneDNN's order.
struct ConvolutionShape: Sendable, Hashable {
    /// Which of the three arrays is computed from the two others.
    enum Direction: Sendable, Hashable {
        /// The result from input and filter.
        case forward
        /// The input's gradient from the result's and the filter.
        case inputGradient
        /// The filter's gradient from the input and the result's.
        case filterGradient
    }

    /// What is computed.
    let direction: Direction
    /// Element type of the two operands: float32 or bfloat16.
    let operand: DType
    /// Element type of the result: float32, or bfloat16 as the operands.
    let result: DType
    /// Samples of the batch that one call computes.
    let rows: Int
    /// Channels of the input.
    let inputChannels: Int
    /// Channels of the result.
    let outputChannels: Int
    /// Groups of channels.
    let groups: Int
    /// The input's spatial extents.
    let input: [Int]
    /// The result's spatial extents.
    let output: [Int]
    /// The window, for so many axes.
    let window: Window

    /// A convolution of these parts; one of a single spatial axis gets an axis of extent 1 in front.
    init(
        _ direction: Direction, operand: DType = .float32, result: DType = .float32, rows: Int, inputChannels: Int,
        outputChannels: Int, groups: Int, input: [Int],
        output: [Int], window: Window
    ) {
        self.direction = direction
        self.operand = operand
        self.result = result
        self.rows = rows
        self.inputChannels = inputChannels
        self.outputChannels = outputChannels
        self.groups = groups
        guard input.count == 1 else {
            self.input = input
            self.output = output
            self.window = window
            return
        }
        self.input = [1] + input
        self.output = [1] + output
        self.window = Window(
            extents: [1] + window.extents, strides: [1] + window.strides, dilation: [1] + window.dilation,
            low: [0] + window.low, high: [0] + window.high)
    }

    /// Whether a filter's gradient leaves places out and the input's channels don't fill vectors: there oneDNN's kernels of
    /// one tap (`jit_1x1`, oneDNN 2.6) write past the end of their scratch memory where arrays lie channels last.
    var isThinned: Bool {
        direction == .filterGradient && window.strides.contains { $0 > 1 } && !inputChannels.isMultiple(of: 16)
    }

    /// Element types of the three arrays.
    var types: (input: DType, filter: DType, output: DType) {
        switch direction {
        case .forward: (operand, operand, result)
        case .inputGradient: (result, operand, operand)
        case .filterGradient: (operand, result, operand)
        }
    }

    /// Extents and strides of the input: [n, c, s…], channels last in memory.
    var inputLayout: (extents: [Int], strides: [Int]) { channelsLast(inputChannels, input) }

    /// Extents and strides of the result.
    var outputLayout: (extents: [Int], strides: [Int]) { channelsLast(outputChannels, output) }

    /// Extents and strides of the filter: [f, c, k…], with groups [g, f / g, c / g, k…]; in memory [k…, c / g, f].
    var filterLayout: (extents: [Int], strides: [Int]) {
        let (inGroup, outGroup) = (inputChannels / groups, outputChannels / groups)
        let taps = Shape(window.extents).strides.map { $0 * inGroup * outputChannels }
        let extents = [outGroup, inGroup] + window.extents
        let strides = [1, outputChannels] + taps
        return groups == 1 ? (extents, strides) : ([groups] + extents, [outGroup] + strides)
    }

    private func channelsLast(_ channels: Int, _ spatial: [Int]) -> (extents: [Int], strides: [Int]) {
        let strides = Shape(spatial).strides.map { $0 * channels }
        return ([rows, channels] + spatial, [spatial.reduce(channels, *), 1] + strides)
    }
}
