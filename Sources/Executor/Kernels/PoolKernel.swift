import CKernels
import Graph

/// Sums and maxima under a window, and their gradients; rows are those of the batch.
struct PoolKernel: Kernel {
    private enum Body {
        case pool(Pooling)
        case maxGradient
        case sumGradient
    }

    private let body: Body
    private let input: TensorType
    private let output: TensorType
    private let axes: (WindowAxis, WindowAxis, WindowAxis)

    /// Nil for other ops.
    init?(_ node: Node, operands: [TensorType]) {
        let sliding: Window
        switch node.op {
        case .pool(let pooling, let window):
            (body, sliding, input, output) = (.pool(pooling), window, operands[0], node.type)
        case .maxPoolGradient(let window):
            (body, sliding, input, output) = (.maxGradient, window, operands[0], operands[1])
        case .sumPoolGradient(let window, _):
            (body, sliding, input, output) = (.sumGradient, window, node.type, operands[0])
        default: return nil
        }
        axes = WindowAxis.three(sliding, input: input.spatial, output: output.spatial)
    }

    func run(
        _ out: UnsafeMutableRawPointer, _ operands: UnsafePointer<UnsafeRawPointer>, rows: Int,
        scratch: UnsafeMutableRawPointer
    ) throws(ExecutorError) {
        if input.dtype == .float32 {
            single(out, operands, rows)
        } else {
            double(out, operands, rows)
        }
    }

    /// By CKernels' loops, a place's channels at a time.
    private func single(
        _ out: UnsafeMutableRawPointer, _ operands: UnsafePointer<UnsafeRawPointer>, _ rows: Int
    ) {
        let channels = input.channels
        let (inputs, outputs) = (input.cells * channels, output.cells * channels)
        for n in 0..<rows {
            let out = out.assumingMemoryBound(to: Float.self)
            switch body {
            case .pool: break
            case .maxGradient, .sumGradient: (out + n * inputs).update(repeating: 0, count: inputs)
            }
            let x = operands[0].assumingMemoryBound(to: Float.self)
            WindowAxis.visitPlaces(axes, channels: channels) { place, taps in
                let z = n * outputs + place * channels
                switch body {
                case .pool(.max): tpud_max_taps_f32(out + z, x + n * inputs, &taps, channels)
                case .pool(.sum): tpud_sum_taps_f32(out + z, x + n * inputs, &taps, channels)
                case .maxGradient:
                    let g = operands[1].assumingMemoryBound(to: Float.self)
                    tpud_max_taps_gradient_f32(out + n * inputs, x + n * inputs, g + z, &taps, channels)
                case .sumGradient: tpud_add_taps_f32(out + n * inputs, x + z, &taps, channels)
                }
            }
        }
    }

    private func double(
        _ out: UnsafeMutableRawPointer, _ operands: UnsafePointer<UnsafeRawPointer>, _ rows: Int
    ) {
        let channels = input.channels
        let out = out.assumingMemoryBound(to: Double.self)
        let x = operands[0].assumingMemoryBound(to: Double.self)
        let (inputs, outputs) = (input.cells * channels, output.cells * channels)
        switch body {
        case .pool(.sum):
            out.update(repeating: 0, count: rows * outputs)
            visit(rows) { cell, place in for c in 0..<channels { out[place + c] += x[cell + c] } }
        case .pool(.max):
            out.update(repeating: -.infinity, count: rows * outputs)
            visit(rows) { cell, place in
                let (x, z) = (x + cell, out + place)
                // The comparison is false for a NaN on either side, and the sum keeps it.
                for c in 0..<channels { z[c] = x[c] <= z[c] ? z[c] : x[c] > z[c] ? x[c] : x[c] + z[c] }
            }
        case .sumGradient:
            out.update(repeating: 0, count: rows * inputs)
            visit(rows) { cell, place in for c in 0..<channels { out[cell + c] += x[place + c] } }
        case .maxGradient:
            let upstream = operands[1].assumingMemoryBound(to: Double.self)
            out.update(repeating: 0, count: rows * inputs)
            for n in 0..<rows { maxGradient(out + n * inputs, x + n * inputs, upstream + n * outputs, channels) }
        }
    }

    /// Each channel's upstream to its first largest cell.
    private func maxGradient(
        _ dx: UnsafeMutablePointer<Double>, _ x: UnsafePointer<Double>, _ g: UnsafePointer<Double>, _ channels: Int
    ) {
        for p0 in 0..<axes.0.places {
            for p1 in 0..<axes.1.places {
                for p2 in 0..<axes.2.places {
                    let place = (p0 * axes.1.places + p1) * axes.2.places + p2
                    for c in 0..<channels {
                        var best = -1
                        for k0 in axes.0.taps(at: p0) {
                            let c0 = axes.0.cell(p0, k0)
                            for k1 in axes.1.taps(at: p1) {
                                let c1 = c0 * axes.1.cells + axes.1.cell(p1, k1)
                                for k2 in axes.2.taps(at: p2) {
                                    let cell = (c1 * axes.2.cells + axes.2.cell(p2, k2)) * channels + c
                                    if best < 0 || x[cell] > x[best] || (x[cell].isNaN && !x[best].isNaN) {
                                        best = cell
                                    }
                                }
                            }
                        }
                        if best >= 0 { dx[best] += g[place * channels + c] }
                    }
                }
            }
        }
    }

    /// Calls the closure with each cell under each place of all rows: where the first channel of the one is in the input,
    /// and of the other in the output.
    @inline(__always)
    private func visit(_ rows: Int, _ body: (_ cell: Int, _ place: Int) -> Void) {
        let channels = input.channels
        let (cells, places) = (input.cells, output.cells)
        for n in 0..<rows {
            WindowAxis.visit(axes) { place, cell, _ in
                body((n * cells + cell) * channels, (n * places + place) * channels)
            }
        }
    }
}
