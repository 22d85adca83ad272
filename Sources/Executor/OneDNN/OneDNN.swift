import COneDNN
import Graph

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
