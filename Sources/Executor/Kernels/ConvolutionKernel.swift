import Graph
import Synchronization

/// A convolution or one of its gradients. Rows are those of the batch, over which the filter's gradient sums.
///
/// float32 goes through oneDNN, with a primitive for each number of rows that is made when it is first met; float64
/// through plain loops.
final class ConvolutionKernel: Kernel {
    private let direction: ConvolutionShape.Direction
    private let window: Window
    private let groups: Int
    private let input: TensorType
    private let output: TensorType
    private let primitives = Mutex<[Int: ConvolutionPrimitive]>([:])

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
    }

    func run(
        _ out: UnsafeMutableRawPointer, _ operands: UnsafePointer<UnsafeRawPointer>, rows: Int,
        scratch: UnsafeMutableRawPointer
    ) throws(ExecutorError) {
        let channels = (input.channels, output.channels)
        guard input.dtype == .float32, rows > 0, input.cells > 0, channels.0 > 0, channels.1 > 0 else {
            runLoops(out, operands, rows)
            return
        }
        try primitive(rows).run(operands[0], operands[1], into: out)
    }

    private func primitive(_ rows: Int) throws(ExecutorError) -> ConvolutionPrimitive {
        if let known = primitives.withLock({ $0[rows] }) { return known }
        let new = try ConvolutionPrimitive(
            ConvolutionShape(
                direction, rows: rows, inputChannels: input.channels, outputChannels: output.channels, groups: groups,
                input: input.spatial, output: output.spatial, window: window))
        return primitives.withLock { known in
            // Another lane may have been first.
            let kept = known[rows] ?? new
            known[rows] = kept
            return kept
        }
    }

    private func runLoops(
        _ out: UnsafeMutableRawPointer, _ operands: UnsafePointer<UnsafeRawPointer>, _ rows: Int
    ) {
        if input.dtype == .float32 {
            loop(out, operands, rows, Float.self)
        } else {
            loop(out, operands, rows, Double.self)
        }
    }

    private func loop<T: BinaryFloatingPoint>(
        _ out: UnsafeMutableRawPointer, _ operands: UnsafePointer<UnsafeRawPointer>, _ rows: Int, _: T.Type
    ) {
        let a = operands[0].assumingMemoryBound(to: T.self)
        let b = operands[1].assumingMemoryBound(to: T.self)
        let out = out.assumingMemoryBound(to: T.self)
        let (inputs, outputs) = (input.channels, output.channels)
        let (inGroup, outGroup) = (inputs / groups, outputs / groups)
        let count =
            switch direction {
            case .forward: rows * output.cells * outputs
            case .inputGradient: rows * input.cells * inputs
            case .filterGradient: window.cells * inGroup * outputs
            }
        out.update(repeating: 0, count: count)
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
