import CKernels
import Glibc
import Graph

/// Softmax and its logarithm along the last axis.
struct SoftmaxKernel: Kernel {
    private let isLogarithm: Bool
    private let dtype: DType
    private let n: Int
    /// Vectors along the last axis in a row of the first; nil for a vector without rows.
    private let vectorsInRow: Int?

    /// Nil for other ops.
    init?(_ node: Node) {
        switch node.op {
        case .softmax: isLogarithm = false
        case .logSoftmax: isLogarithm = true
        default: return nil
        }
        dtype = node.type.dtype
        let dimensions = node.type.shape.dimensions
        n = dimensions.last ?? 1
        vectorsInRow = dimensions.count < 2 ? nil : dimensions[1..<(dimensions.count - 1)].reduce(1, *)
    }

    func run(
        _ out: UnsafeMutableRawPointer, _ operands: UnsafePointer<UnsafeRawPointer>, rows: Int,
        scratch: UnsafeMutableRawPointer
    ) throws(ExecutorError) {
        guard n > 0 else { return }
        let count = vectorsInRow.map { $0 * rows } ?? 1
        guard dtype == .float32 else {
            for i in 0..<count {
                let x = operands[0].assumingMemoryBound(to: Double.self) + i * n
                let y = out.assumingMemoryBound(to: Double.self) + i * n
                let softmax = DoubleSoftmax(x, n)
                for j in 0..<n { y[j] = isLogarithm ? softmax.logarithm(x[j]) : softmax.value(x[j]) }
            }
            return
        }
        let x = operands[0].assumingMemoryBound(to: Float.self)
        let y = out.assumingMemoryBound(to: Float.self)
        if isLogarithm { tpud_log_softmax_f32(y, x, count, n) } else { tpud_softmax_f32(y, x, count, n) }
    }
}

/// The cross entropy of rows of logits with integer labels, and its gradient.
struct CrossEntropyKernel: Kernel {
    private let isGradient: Bool
    private let dtype: DType
    private let label: DType
    private let classes: Int
    /// 0 when all rows share one upstream value, else 1.
    private let upstreamStep: Int

    /// Labels that are converted at a time; 1,024 bytes of stack.
    private static let block = 128

    /// Nil for other ops.
    ///
    /// - Parameter sharesUpstream: true when the upstream operand is one value for all rows.
    init?(_ node: Node, operands: [TensorType], sharesUpstream: Bool) {
        switch node.op {
        case .sparseSoftmaxCrossEntropy: isGradient = false
        case .sparseSoftmaxCrossEntropyGradient: isGradient = true
        default: return nil
        }
        dtype = operands[0].dtype
        label = operands[1].dtype
        classes = operands[0].shape[1]
        upstreamStep = sharesUpstream ? 0 : 1
    }

    func run(
        _ out: UnsafeMutableRawPointer, _ operands: UnsafePointer<UnsafeRawPointer>, rows: Int,
        scratch: UnsafeMutableRawPointer
    ) throws(ExecutorError) {
        withUnsafeTemporaryAllocation(of: Int64.self, capacity: CrossEntropyKernel.block) { labels in
            // 1,024 bytes are always given on the stack.
            let labels = labels.baseAddress!
            for first in stride(from: 0, to: rows, by: CrossEntropyKernel.block) {
                let count = min(CrossEntropyKernel.block, rows - first)
                Conversion.read(operands[1] + first * label.size, label, step: 1, count: count, into: labels)
                if dtype == .float32 {
                    single(out, operands, labels, first, count)
                } else {
                    double(out, operands, labels, first, count)
                }
            }
        }
    }

    private func single(
        _ out: UnsafeMutableRawPointer, _ operands: UnsafePointer<UnsafeRawPointer>, _ labels: UnsafePointer<Int64>,
        _ first: Int, _ count: Int
    ) {
        let out = out.assumingMemoryBound(to: Float.self)
        let x = operands[0].assumingMemoryBound(to: Float.self) + first * classes
        if isGradient {
            let upstream = operands[2].assumingMemoryBound(to: Float.self) + first * upstreamStep
            tpud_cross_entropy_gradient_f32(
                out + first * classes, x, labels, upstream, upstreamStep, count, classes)
        } else {
            tpud_cross_entropy_f32(out + first, x, labels, count, classes)
        }
    }

    private func double(
        _ out: UnsafeMutableRawPointer, _ operands: UnsafePointer<UnsafeRawPointer>, _ labels: UnsafePointer<Int64>,
        _ first: Int, _ count: Int
    ) {
        let out = out.assumingMemoryBound(to: Double.self)
        for i in 0..<count {
            let row = first + i
            let x = operands[0].assumingMemoryBound(to: Double.self) + row * classes
            let softmax = DoubleSoftmax(x, classes)
            let label = Int(exactly: labels[i]).flatMap { (0..<classes).contains($0) ? $0 : nil }
            if isGradient {
                let upstream = operands[2].assumingMemoryBound(to: Double.self)[row * upstreamStep]
                for j in 0..<classes {
                    let y = softmax.value(x[j]) - (j == label ? 1 : 0)
                    out[row * classes + j] = label == nil ? .nan : y * upstream
                }
            } else {
                out[row] = label.map { -softmax.logarithm(x[$0]) } ?? .nan
            }
        }
    }
}

/// What a vector's softmax needs: its maximum and the sum of exponentials.
private struct DoubleSoftmax {
    private let maximum: Double
    private let sum: Double

    init(_ x: UnsafePointer<Double>, _ n: Int) {
        var maximum = x[0]
        for j in 1..<max(1, n) where x[j] > maximum || x[j].isNaN { maximum = x[j] }
        var sum = 0.0
        for j in 0..<n { sum += exp(x[j] - maximum) }
        self.maximum = maximum
        self.sum = sum
    }

    func value(_ x: Double) -> Double { exp(x - maximum) / sum }

    func logarithm(_ x: Double) -> Double { x - maximum - log(sum) }
}
