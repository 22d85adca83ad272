import COneDNN
import Graph
import Synchronization

/// What all calls of oneDNN share.
enum OneDNN {
    /// The processor; nil where oneDNN has none, which no installation is known for.
    // An engine is not changed after it was made.
    nonisolated(unsafe) static let engine: dnnl_engine_t? = {
        var engine: dnnl_engine_t?
        return dnnl_engine_create(&engine, dnnl_cpu, 0) == dnnl_success ? engine : nil
    }()

    /// Whether the processor multiplies bfloat16 with sums in float32: AVX-512 BF16 or AMX.
    static let multipliesBFloat16 = [dnnl_cpu_isa_avx512_core_bf16, dnnl_cpu_isa_avx512_core_amx]
        .contains { isa in dnnl_get_effective_cpu_isa().rawValue & isa.rawValue == isa.rawValue }

    /// Throws what a call's status says.
    static func expect(_ status: dnnl_status_t, _ call: @autoclosure () -> String) throws(ExecutorError) {
        guard status != dnnl_success else { return }
        throw ExecutorError(.kernelFailed, "\(call()) ended with \(name(of: status))")
    }

    /// oneDNN's word for a status.
    static func name(of status: dnnl_status_t) -> String {
        switch status {
        case dnnl_out_of_memory: "out_of_memory"
        case dnnl_invalid_arguments: "invalid_arguments"
        case dnnl_unimplemented: "unimplemented"
        case dnnl_iterator_ends: "iterator_ends"
        case dnnl_runtime_error: "runtime_error"
        case dnnl_not_required: "not_required"
        default: "status \(status.rawValue)"
        }
    }

    /// Held while a primitive is described. oneDNN 2.6 keeps a size of its convolutions in a static variable meanwhile
    /// (`brg_blocking_t::last_ic_block_size`): one of float32 and one of bfloat16 that threads describe at the same time can
    /// come out as primitives that compute wrong numbers.
    private static let describing = Mutex(())

    /// The description of a call's primitive, whose scratch memory is the caller's.
    ///
    /// - Parameters:
    ///   - hint: the forward pass of a gradient.
    ///   - adds: whether the result is added to what is there.
    static func description(
        _ call: UnsafeRawPointer, hint: dnnl_primitive_desc_t? = nil, adds: Bool = false,
        of name: @autoclosure () -> String
    ) throws(ExecutorError) -> dnnl_primitive_desc_t {
        guard let engine else { throw ExecutorError(.kernelFailed, "oneDNN knows no processor") }
        var attributes: dnnl_primitive_attr_t?
        try expect(dnnl_primitive_attr_create(&attributes), "a primitive's attributes")
        defer { dnnl_primitive_attr_destroy(attributes) }
        try expect(
            dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user), "the scratchpad's mode")
        if adds { try addSum(to: attributes) }
        var description: dnnl_primitive_desc_t?
        let status = describing.withLock { _ in
            dnnl_primitive_desc_create(&description, call, attributes, engine, hint)
        }
        try expect(status, name())
        guard let description else { throw ExecutorError(.kernelFailed, "oneDNN made no description of \(name())") }
        return description
    }

    private static func addSum(to attributes: dnnl_primitive_attr_t?) throws(ExecutorError) {
        var operations: dnnl_post_ops_t?
        try expect(dnnl_post_ops_create(&operations), "what follows a primitive")
        defer { dnnl_post_ops_destroy(operations) }
        try expect(dnnl_post_ops_append_sum(operations, 1), "a sum behind a primitive")
        try expect(dnnl_primitive_attr_set_post_ops(attributes, operations), "a sum behind a primitive")
    }

    /// The primitive of a description.
    static func primitive(_ description: dnnl_primitive_desc_t?) throws(ExecutorError) -> dnnl_primitive_t {
        var primitive: dnnl_primitive_t?
        try expect(dnnl_primitive_create(&primitive, description), "a primitive")
        guard let primitive else { throw ExecutorError(.kernelFailed, "oneDNN made no primitive") }
        return primitive
    }

    /// What a description says of an array; one of no bytes where it has no such array.
    static func array(_ kind: dnnl_query_t, of description: dnnl_primitive_desc_t?) -> dnnl_memory_desc_t {
        dnnl_primitive_desc_query_md(description, kind, 0)?.pointee ?? dnnl_memory_desc_t()
    }

    /// oneDNN's word for an element type; it computes with float32 and bfloat16 here.
    static func type(_ dtype: DType) -> dnnl_data_type_t { dtype == .bfloat16 ? dnnl_bf16 : dnnl_f32 }

    /// An array as it lies in memory: logical extents and the elements from one to the next along each.
    static func layout(
        _ extents: [Int], strides: [Int], _ dtype: DType = .float32
    ) throws(ExecutorError) -> dnnl_memory_desc_t {
        var layout = dnnl_memory_desc_t()
        try expect(
            dnnl_memory_desc_init_by_strides(
                &layout, Int32(extents.count), extents.map(Int64.init), type(dtype), strides.map(Int64.init)),
            "the layout of \(extents)")
        return layout
    }

    /// An array in whatever layout a primitive likes best.
    static func anyLayout(
        _ extents: [Int], _ dtype: DType = .float32
    ) throws(ExecutorError) -> dnnl_memory_desc_t {
        var layout = dnnl_memory_desc_t()
        try expect(
            dnnl_memory_desc_init_by_tag(
                &layout, Int32(extents.count), extents.map(Int64.init), type(dtype), dnnl_format_tag_any),
            "the layout of \(extents)")
        return layout
    }
}
