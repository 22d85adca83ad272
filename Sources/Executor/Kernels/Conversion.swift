import CKernels
import Graph

/// Elements of one type to another (`Op.convert`): by way of 64-bit integers or doubles, a stack block at a time, so
/// that nine readers and nine writers do for all pairs.
struct Conversion: Sendable {
    /// Element type read.
    let from: DType
    /// Element type written.
    let to: DType

    /// Values that are on the way at a time.
    private static let block = 64

    /// out[i, j] = a (i, j) as the other type.
    func apply(_ out: UnsafeMutableRawPointer, _ a: UnsafeRawPointer, _ la: tpud_layout, rows: Int, n: Int) {
        if from == .float32, to == .bfloat16 {
            tpud_narrow_f32(
                out.assumingMemoryBound(to: UInt16.self), a.assumingMemoryBound(to: Float.self), la, rows, n)
            return
        }
        if from == .bfloat16, to == .float32 {
            tpud_widen_f32(
                out.assumingMemoryBound(to: Float.self), a.assumingMemoryBound(to: UInt16.self), la, rows, n)
            return
        }
        for i in 0..<rows {
            for first in stride(from: 0, to: n, by: Conversion.block) {
                let count = min(Conversion.block, n - first)
                let source = a + (i * la.row + first * la.step) * from.size
                let target = out + (i * n + first) * to.size
                if from.isFloating {
                    withUnsafeTemporaryAllocation(of: Double.self, capacity: Conversion.block) { values in
                        // 512 bytes are always given on the stack.
                        let values = values.baseAddress!
                        read(source, la.step, count, into: values)
                        write(values, count, to: target)
                    }
                } else {
                    withUnsafeTemporaryAllocation(of: Int64.self, capacity: Conversion.block) { values in
                        // 512 bytes are always given on the stack.
                        let values = values.baseAddress!
                        Conversion.read(source, from, step: la.step, count: count, into: values)
                        write(values, count, to: target)
                    }
                }
            }
        }
    }

    /// Reads whole numbers of any type; floats don't come here.
    static func read(
        _ source: UnsafeRawPointer, _ type: DType, step: Int, count: Int, into values: UnsafeMutablePointer<Int64>
    ) {
        func loop<T: BinaryInteger>(_: T.Type) {
            let source = source.assumingMemoryBound(to: T.self)
            for j in 0..<count { values[j] = Int64(truncatingIfNeeded: source[j * step]) }
        }
        switch type {
        case .bool, .uint8: loop(UInt8.self)
        case .int8: loop(Int8.self)
        case .uint16: loop(UInt16.self)
        case .int16: loop(Int16.self)
        case .int32: loop(Int32.self)
        case .int64: loop(Int64.self)
        case .float32, .float64, .bfloat16: preconditionFailure("labels and other whole numbers are not floats")
        }
    }

    private func read(
        _ source: UnsafeRawPointer, _ step: Int, _ count: Int, into values: UnsafeMutablePointer<Double>
    ) {
        if from == .float32 {
            let source = source.assumingMemoryBound(to: Float.self)
            for j in 0..<count { values[j] = Double(source[j * step]) }
        } else {
            let source = source.assumingMemoryBound(to: Double.self)
            for j in 0..<count { values[j] = source[j * step] }
        }
    }

    private func write(_ values: UnsafePointer<Double>, _ count: Int, to target: UnsafeMutableRawPointer) {
        func loop<T>(_ f: (Double) -> T) {
            let target = target.assumingMemoryBound(to: T.self)
            for j in 0..<count { target[j] = f(values[j]) }
        }
        switch to {
        case .bool: loop { UInt8($0 != 0 ? 1 : 0) }
        case .uint8: loop { UInt8(clamping: DType.truncate($0)) }
        case .int8: loop { Int8(clamping: DType.truncate($0)) }
        case .uint16: loop { UInt16(clamping: DType.truncate($0)) }
        case .int16: loop { Int16(clamping: DType.truncate($0)) }
        case .int32: loop { Int32(clamping: DType.truncate($0)) }
        case .int64: loop { DType.truncate($0) }
        case .float32: loop { Float($0) }
        case .float64: loop { $0 }
        case .bfloat16: preconditionFailure("only float32 is narrowed to bfloat16")
        }
    }

    private func write(_ values: UnsafePointer<Int64>, _ count: Int, to target: UnsafeMutableRawPointer) {
        func loop<T>(_ f: (Int64) -> T) {
            let target = target.assumingMemoryBound(to: T.self)
            for j in 0..<count { target[j] = f(values[j]) }
        }
        switch to {
        case .bool: loop { UInt8($0 != 0 ? 1 : 0) }
        case .uint8: loop { UInt8(clamping: $0) }
        case .int8: loop { Int8(clamping: $0) }
        case .uint16: loop { UInt16(clamping: $0) }
        case .int16: loop { Int16(clamping: $0) }
        case .int32: loop { Int32(clamping: $0) }
        case .int64: loop { $0 }
        case .float32: loop { Float($0) }
        case .float64: loop { Double($0) }
        case .bfloat16: preconditionFailure("only float32 is narrowed to bfloat16")
        }
    }
}
