import Graph

/// Numbers 0, 1, 2 … along one axis.
struct IotaKernel: Kernel {
    private let type: TensorType
    private let inner: Int
    private let extent: Int

    /// Nil for other ops.
    init?(_ node: Node) {
        guard case .iota(let type, let axis) = node.op else { return nil }
        self.type = type
        inner = type.shape.strides[axis]
        extent = type.shape[axis]
    }

    func run(
        _ out: UnsafeMutableRawPointer, _ operands: UnsafePointer<UnsafeRawPointer>, rows: Int,
        scratch: UnsafeMutableRawPointer
    ) throws(ExecutorError) {
        func fill<T>(_ f: (Int) -> T) {
            let out = out.assumingMemoryBound(to: T.self)
            for i in 0..<type.count { out[i] = f(i / inner % extent) }
        }
        switch type.dtype {
        case .bool: fill { UInt8($0 == 0 ? 0 : 1) }
        case .uint8: fill { UInt8(truncatingIfNeeded: $0) }
        case .int8: fill { Int8(truncatingIfNeeded: $0) }
        case .uint16: fill { UInt16(truncatingIfNeeded: $0) }
        case .int16: fill { Int16(truncatingIfNeeded: $0) }
        case .int32: fill { Int32(truncatingIfNeeded: $0) }
        case .int64: fill { Int64($0) }
        case .float32: fill { Float($0) }
        case .float64: fill { Double($0) }
        case .bfloat16: preconditionFailure("only float32 is narrowed to bfloat16")
        }
    }
}

/// Uniform numbers in [0, 1) by Philox; see `Op.randomUniform` for key and counter.
struct RandomUniformKernel: Kernel {
    private let philox: Philox
    private let count: Int
    private let isSingle: Bool

    /// Nil for other ops.
    init?(_ node: Node) {
        guard case .randomUniform(let type, let seed) = node.op else { return nil }
        philox = Philox(key: seed)
        count = type.count
        isSingle = type.dtype == .float32
    }

    func run(
        _ out: UnsafeMutableRawPointer, _ operands: UnsafePointer<UnsafeRawPointer>, rows: Int,
        scratch: UnsafeMutableRawPointer
    ) throws(ExecutorError) {
        let draw = UInt64(bitPattern: operands[0].load(as: Int64.self))
        for block in 0..<((count + 3) / 4) {
            let words = philox.block(low: UInt64(block), high: draw)
            for lane in 0..<min(4, count - block * 4) {
                let place = block * 4 + lane
                if isSingle {
                    out.storeBytes(of: Philox.unitFloat(words[lane]), toByteOffset: place * 4, as: Float.self)
                } else {
                    out.storeBytes(of: Double(Philox.unitFloat(words[lane])), toByteOffset: place * 8, as: Double.self)
                }
            }
        }
    }
}
