import Formats

/// What a layer computes in and keeps its variables in (Keras: `DTypePolicy`; Keras 2: `Policy`).
package enum DTypePolicy: String, Sendable, Hashable, CaseIterable {
    /// All numbers are float32.
    case float32
    /// Variables are float32. A layer's inputs, variables, outputs and products are rounded to bfloat16, with sums in
    /// float32; what it does between them is float32. Normalizing layers take their variables as they are.
    case mixedBFloat16 = "mixed_bfloat16"
}

extension ObjectReader {
    /// Reads a `dtype`, a name or a policy; float32 unless given. Keras writes policies of other names for quantized layers and
    /// half precision: they are refused.
    ///
    /// - Parameter known: those that it may be.
    @discardableResult
    func policy(among known: [DTypePolicy] = DTypePolicy.allCases) -> DTypePolicy {
        note("dtype", .value(["anyOf": [["enum": JSON(known.map(\.rawValue))], ["type": "object"]]]))
        note("dtype", .preset(JSON(DTypePolicy.float32.rawValue)))
        guard let value = value("dtype") else { return .float32 }
        let name = value.string ?? value["config"]?["name"]?.string ?? value.inWords
        if let policy = known.first(where: { $0.rawValue == name }) { return policy }
        fault(
            "dtype",
            "\(name) is not supported yet; this version computes in "
                + known.map(\.rawValue).joined(separator: " or "), code: SpecError.notSupported)
        return .float32
    }

    /// Reads the `dtype` of a loss or metric, which computes in float32 alone.
    func float32Only() { policy(among: [.float32]) }
}
