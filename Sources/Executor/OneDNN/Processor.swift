import COneDNN

/// What the processor has, as far as oneDNN uses it: limits of the environment (`ONEDNN_MAX_CPU_ISA`) count.
package enum Processor {
    /// Whether it multiplies bfloat16 numbers itself: AVX-512 BF16 or AMX.
    package static let hasBFloat16 = {
        let needed = dnnl_cpu_isa_avx512_core_bf16.rawValue
        return dnnl_get_effective_cpu_isa().rawValue & needed == needed
    }()
}
