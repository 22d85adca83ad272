import CKernels
import Graph

/// A buffer as a whole step sees it.
struct WholeBufferSlice: Sendable, Hashable {
    /// The buffer.
    let buffer: BufferID
    /// Bytes from core to core; 0 when all share one value.
    let stride: Int

    /// The address of a core's value.
    func address(_ memory: Memory, replica: Int) -> UnsafeMutableRawPointer {
        memory[buffer] + replica * stride
    }
}

/// A node computed as a whole, core by core: what runs on the calling thread or as one task a core.
struct WholeStep: Sendable {
    /// What is done.
    enum Body: Sendable {
        /// A kernel with the planned number of rows.
        case kernel(any Kernel, rows: Int)
        /// An elementwise op on so many elements; an operand is read at every element or at its first alone.
        case elementwise(Elementwise, count: Int, isScalar: [Bool])
        /// A copy to a variable of so many elements, and a look whether they are finite.
        case store(DType, count: Int, order: Int, FaultFlag)
        /// The partial sums of a reduction, combined in order: the operand holds so many arrays for each core, `stride`
        /// bytes apart.
        case merge(Merge, arrays: Int, stride: Int)
        /// The values of the cores of this core's group, added in the group's order: the operand holds one a core, `stride`
        /// bytes apart.
        case groupSum(Merge, ReplicaGroups, stride: Int)
    }

    /// The node that is computed.
    let node: ValueID
    /// What is computed.
    let body: Body
    /// From where.
    let operands: [WholeBufferSlice]
    /// Where the result is written.
    let result: WholeBufferSlice
    /// Cores that it is computed for; 1 when all share the result.
    let copies: Int

    /// Runs for one core.
    func run(_ memory: Memory, _ worker: WorkerMemory, replica: Int) throws(ExecutorError) {
        let pointers = worker.pointers
        for index in operands.indices {
            pointers[index] = UnsafeRawPointer(operands[index].address(memory, replica: replica))
        }
        let out = result.address(memory, replica: replica)
        switch body {
        case .kernel(let kernel, let rows): try kernel.run(out, pointers, rows: rows, scratch: worker.scratch)
        case .elementwise(let elementwise, let count, let isScalar):
            withUnsafeTemporaryAllocation(of: tpud_layout.self, capacity: 4) { layouts in
                for index in isScalar.indices { layouts[index] = tpud_layout(row: 0, step: isScalar[index] ? 0 : 1) }
                // 64 bytes are always given on the stack.
                elementwise.apply(out, pointers, layouts.baseAddress!, rows: 1, n: count)
            }
        case .store(let dtype, let count, let order, let fault):
            out.copyMemory(from: pointers[0], byteCount: count * dtype.size)
            if !dtype.isFinite(out, count: count) { fault.report(order) }
        case .merge(let merge, let arrays, let stride):
            merge.run(out, pointers[0], arrays: arrays, stride: stride, pointers)
        case .groupSum(let merge, let groups, let stride):
            let base = pointers[0]
            for (index, core) in groups.members(with: replica).enumerated() { pointers[index] = base + core * stride }
            merge.run(out, pointers, arrays: groups.size)
        }
    }

    /// Runs for all cores, in order.
    func runAll(_ memory: Memory, _ worker: WorkerMemory) throws(ExecutorError) {
        for replica in 0..<copies { try run(memory, worker, replica: replica) }
    }
}

/// Combines several arrays of one type element by element, in order.
struct Merge: Sendable {
    /// How two become one.
    let reduction: Reduction
    /// Element type.
    let dtype: DType
    /// Elements of each array.
    let count: Int

    /// out = ((array 0 ∘ array 1) ∘ array 2) …, arrays lying `stride` bytes apart; elements of `range`, the first of which
    /// goes to `out`. `pointers` has room for the arrays' addresses.
    func run(
        _ out: UnsafeMutableRawPointer, _ base: UnsafeRawPointer, arrays: Int, stride: Int,
        _ pointers: UnsafeMutablePointer<UnsafeRawPointer>, range: Range<Int>? = nil
    ) {
        let range = range ?? 0..<count
        let first = base + range.lowerBound * dtype.size
        if dtype == .float32, reduction == .sum {
            for array in 0..<arrays { pointers[array] = first + array * stride }
            pointers.withMemoryRebound(to: UnsafePointer<Float>?.self, capacity: arrays) {
                tpud_merge_f32(out.assumingMemoryBound(to: Float.self), $0, arrays, 0, range.count)
            }
            return
        }
        out.copyMemory(from: first, byteCount: range.count * dtype.size)
        for array in 1..<max(1, arrays) { combine(out, first + array * stride, range.count) }
    }

    /// out = ((array 0 ∘ array 1) ∘ array 2) … of the arrays at these addresses.
    func run(_ out: UnsafeMutableRawPointer, _ bases: UnsafeMutablePointer<UnsafeRawPointer>, arrays: Int) {
        out.copyMemory(from: bases[0], byteCount: count * dtype.size)
        for array in 1..<max(1, arrays) { combine(out, bases[array], count) }
    }

    private func combine(_ out: UnsafeMutableRawPointer, _ array: UnsafeRawPointer, _ n: Int) {
        switch dtype {
        case .float32: floating(out, array, n, Float.self)
        case .float64: floating(out, array, n, Double.self)
        case .bool, .uint8: integer(out, array, n, UInt8.self)
        case .int8: integer(out, array, n, Int8.self)
        case .uint16: integer(out, array, n, UInt16.self)
        case .int16: integer(out, array, n, Int16.self)
        case .int32: integer(out, array, n, Int32.self)
        case .int64: integer(out, array, n, Int64.self)
        case .bfloat16: preconditionFailure("sums are not kept in bfloat16")
        }
    }

    private func floating<T: BinaryFloatingPoint>(
        _ out: UnsafeMutableRawPointer, _ array: UnsafeRawPointer, _ n: Int, _: T.Type
    ) {
        let out = out.assumingMemoryBound(to: T.self)
        let array = array.assumingMemoryBound(to: T.self)
        let combine: (T, T) -> T = reduction.floating()
        for i in 0..<n { out[i] = combine(out[i], array[i]) }
    }

    private func integer<T: FixedWidthInteger>(
        _ out: UnsafeMutableRawPointer, _ array: UnsafeRawPointer, _ n: Int, _: T.Type
    ) {
        let out = out.assumingMemoryBound(to: T.self)
        let array = array.assumingMemoryBound(to: T.self)
        let combine: (T, T) -> T = reduction.integer()
        for i in 0..<n { out[i] = combine(out[i], array[i]) }
    }
}
