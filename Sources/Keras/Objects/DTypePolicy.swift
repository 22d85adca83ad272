import Formats

/// What a layer computes in and keeps its variables in (Keras: `DTypePolicy`; Keras 2: `Policy`).
package enum DTypePolicy: String, Sendable, Hashable, CaseIterable {
    /// All numbers are float32.
    case float32
    /// Variables are float32. A layer's inputs, variables, outputs and products are rounded to bfloat16, with sums in
    /// float32; what it does between them is float32. Normalizing layers take their variables as they are.
    case mixedBFloat16 = "mixed_bfloat16"

    /// The names in a message: "float32 or mixed_bfloat16".
    static var names: String { allCases.map(\.rawValue).joined(separator: " or ") }
}

extension ObjectReader {
    /// Reads a layer's `dtype`, a name or a policy; float32 unless given. Keras writes a policy of its own for quantized
    /// layers and half precision: all others are refused.
    func policy() -> DTypePolicy {
        guard let value = value("dtype") else { return .float32 }
        let name = value.string ?? value["config"]?["name"]?.string ?? value.inWords
        if let policy = DTypePolicy(rawValue: name) { return policy }
        fault(
            "dtype", "\(name) is not supported yet; this version computes in \(DTypePolicy.names)",
            code: SpecError.notSupported)
        return .float32
    }
}
