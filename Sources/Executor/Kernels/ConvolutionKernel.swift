import Graph

/// A convolution or one of its gradients. Rows are those of the batch, over which the filter's gradient sums.
///
/// float32 and bfloat16 go through oneDNN, with a primitive for each number of rows that is made when it is first met;
/// float64 through plain loops.
final class ConvolutionKernel: Kernel {
    private let direction: ConvolutionShape.Direction
    private let window: Window
    private let groups: Int
    private let input: TensorType
    private let output: TensorType
    private let operand: DType
    private let result: DType
    private let primitives = PrimitiveTable<ConvolutionPrimitive>()

    /// Nil for other ops.
    init?(_ node: Node, operands: [TensorType]) {
        switch node.op {
        case .convolution(let window, let groups):
            (direction, self.window, self.groups) = (.forward, window, groups)
            (input, output) = (operands[0], node.type)
        case .convolutionInputGradient(let window, let groups, _):
            (direction, self.window, self.groups) = (.inputGradient, window, groups)
            (input, output) = (node.type, operands[0])
        case .convolutionFilterGradient(let window, let groups):
            (direction, self.window, self.groups) = (.filterGradient, window, groups)
            (input, output) = (operands[0], operands[1])
        default: return nil
        }
        operand = operands[0].dtype
        result = node.type.dtype
    }

    func run(
        _ out: UnsafeMutableRawPointer, _ operands: UnsafePointer<UnsafeRawPointer>, rows: Int,
        scratch: UnsafeMutableRawPointer
    ) throws(ExecutorError) {
        let channels = (input.channels, output.channels)
        guard rows > 0, input.cells > 0, channels.0 > 0, channels.1 > 0 else {
            out.initializeMemory(as: UInt8.self, repeating: 0, count: resultCount(rows) * result.size)
            return
        }
        guard operand != .float64 else {
            runLoops(
                out.assumingMemoryBound(to: Double.self), operands[0].assumingMemoryBound(to: Double.self),
                operands[1].assumingMemoryBound(to: Double.self), rows)
            return
        }
        let primitive = try primitives.primitive(rows: rows) { () throws(ExecutorError) in
            try ConvolutionPrimitive(
                ConvolutionShape(
                    direction, operand: operand, result: result, rows: rows, inputChannels: channels.0,
                    outputChannels: channels.1, groups: groups, input: input.spatial, output: output.spatial,
                    window: window))
        }
        try primitive.run(operands[0], operands[1], into: out)
    }

    /// Elements of the result for so many rows.
    private func resultCount(_ rows: Int) -> Int {
        switch direction {
        case .forward: rows * output.cells * output.channels
        case .inputGradient: rows * input.cells * input.channels
        case .filterGradient: window.cells * input.channels / groups * output.channels
        }
    }

    private func runLoops(
        _ out: UnsafeMutablePointer<Double>, _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ rows: Int
    ) {
        let (inputs, outputs) = (input.channels, output.channels)
        let (inGroup, outGroup) = (inputs / groups, outputs / groups)
        out.update(repeating: 0, count: resultCount(rows))
        let axes = WindowAxis.three(window, input: input.spatial, output: output.spatial)
        for n in 0..<rows {
            WindowAxis.visit(axes) { place, cell, tap in
                let x = (n * input.cells + cell) * inputs
                let z = (n * output.cells + place) * outputs
                for f in 0..<outputs {
                    let first = x + f / outGroup * inGroup
                    let weight = tap * inGroup * outputs + f
                    for c in 0..<inGroup {
                        switch direction {
                        case .forward: out[z + f] += a[first + c] * b[weight + c * outputs]
                        case .inputGradient: out[first + c] += a[z + f] * b[weight + c * outputs]
                        case .filterGradient: out[weight + c * outputs] += a[first + c] * b[z + f]
                        }
                    }
                }
            }
        }
    }
}
