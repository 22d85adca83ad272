import COneDNN
import Synchronization

/// Contexts of a primitive that no run has at the moment; one more is made where all are taken.
final class IdleContexts: Sendable {
    /// An array's number, as it lies in the graph, and as the primitive has it.
    typealias Arrays = [(argument: Int32, plain: dnnl_memory_desc_t, used: dnnl_memory_desc_t)]

    private let arrays: Arrays
    private let scratch: dnnl_memory_desc_t
    private let idle = Mutex<[PrimitiveContext]>([])

    /// None yet.
    init(_ arrays: Arrays, _ scratch: dnnl_memory_desc_t) {
        self.arrays = arrays
        self.scratch = scratch
    }

    /// A context for one run.
    func take() throws(ExecutorError) -> PrimitiveContext {
        if let known = idle.withLock({ $0.popLast() }) { return known }
        return try PrimitiveContext(arrays, scratch)
    }

    /// Keeps a context for the next run.
    func giveBack(_ context: PrimitiveContext) { idle.withLock { $0.append(context) } }
}

/// What one run needs for itself: oneDNN's memory objects, copies in the primitive's layouts, scratch memory.
// @unchecked: one run has it at a time.
final class PrimitiveContext: @unchecked Sendable {
    private var stream: dnnl_stream_t?
    private var plain: [dnnl_memory_t?] = []
    private var used: [dnnl_memory_t?] = []
    private var arguments: [dnnl_exec_arg_t] = []

    /// One context for these arrays.
    init(
        _ arrays: IdleContexts.Arrays, _ scratch: dnnl_memory_desc_t
    ) throws(ExecutorError) {
        try OneDNN.expect(
            dnnl_stream_create(&stream, OneDNN.engine, UInt32(dnnl_stream_default_flags.rawValue)), "a stream")
        for array in arrays {
            var (outer, inner) = (array.plain, array.used)
            let own = try PrimitiveContext.memory(&outer, nil)
            plain.append(own)
            let isSame = dnnl_memory_desc_equal(&outer, &inner) != 0
            let memory = isSame ? own : try PrimitiveContext.memory(&inner, PrimitiveContext.allocate)
            used.append(memory)
            arguments.append(dnnl_exec_arg_t(arg: array.argument, memory: memory))
        }
        var scratch = scratch
        if dnnl_memory_desc_get_size(&scratch) > 0 {
            let memory = try PrimitiveContext.memory(&scratch, PrimitiveContext.allocate)
            used.append(memory)
            plain.append(memory)
            arguments.append(dnnl_exec_arg_t(arg: DNNL_ARG_SCRATCHPAD, memory: memory))
        }
    }

    deinit {
        for index in plain.indices {
            if used[index] != plain[index] { dnnl_memory_destroy(used[index]) }
            dnnl_memory_destroy(plain[index])
        }
        dnnl_stream_destroy(stream)
    }

    /// oneDNN's word for memory of its own (`DNNL_MEMORY_ALLOCATE`).
    private static var allocate: UnsafeMutableRawPointer? { UnsafeMutableRawPointer(bitPattern: UInt.max) }

    private static func memory(
        _ layout: inout dnnl_memory_desc_t, _ handle: UnsafeMutableRawPointer?
    ) throws(ExecutorError) -> dnnl_memory_t? {
        var memory: dnnl_memory_t?
        try OneDNN.expect(dnnl_memory_create(&memory, &layout, OneDNN.engine, handle), "a memory object")
        return memory
    }

    /// Points the two operands and the result at their elements.
    func bind(
        _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ out: UnsafeMutableRawPointer
    ) throws(ExecutorError) {
        // oneDNN's handles are mutable; operands are only read.
        try bind(0, UnsafeMutableRawPointer(mutating: a))
        try bind(1, UnsafeMutableRawPointer(mutating: b))
        try bind(2, out)
    }

    private func bind(_ index: Int, _ handle: UnsafeMutableRawPointer) throws(ExecutorError) {
        try OneDNN.expect(dnnl_memory_set_data_handle(plain[index], handle), "a memory object")
    }

    /// Copies an operand into the primitive's layout.
    func copyIn(_ reorder: dnnl_primitive_t, _ index: Int) throws(ExecutorError) {
        try copy(reorder, from: plain[index], to: used[index])
    }

    /// Copies the result out of the primitive's layout.
    func copyOut(_ reorder: dnnl_primitive_t, _ index: Int) throws(ExecutorError) {
        try copy(reorder, from: used[index], to: plain[index])
    }

    /// Runs the primitive.
    func execute(_ primitive: dnnl_primitive_t) throws(ExecutorError) {
        try OneDNN.expect(
            dnnl_primitive_execute(primitive, stream, Int32(arguments.count), arguments), "a primitive")
    }

    private func copy(_ reorder: dnnl_primitive_t, from: dnnl_memory_t?, to: dnnl_memory_t?) throws(ExecutorError) {
        let status = withUnsafeTemporaryAllocation(of: dnnl_exec_arg_t.self, capacity: 2) { pair in
            pair[0] = dnnl_exec_arg_t(arg: DNNL_ARG_FROM, memory: from)
            pair[1] = dnnl_exec_arg_t(arg: DNNL_ARG_TO, memory: to)
            return dnnl_primitive_execute(reorder, stream, 2, pair.baseAddress)
        }
        try OneDNN.expect(status, "a copy between layouts")
    }
}
