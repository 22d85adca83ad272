/// The content codings that a client takes (RFC 9110 section 12.5.3).
package struct AcceptEncodingField: Sendable {
    /// Weights in thousandths by coding, in small letters.
    private let weights: [String: Int]

    /// Reads the field; nil for a request without one, which is taken to want none. An element that is malformed is left
    /// out; of several for one coding the largest weight counts.
    package init(_ field: String?) {
        var weights: [String: Int] = [:]
        // A coding has no parameters but its weight.
        for element in WeightedElement.list(field ?? "")
        where element.parameters.isEmpty && WeightedElement.isToken(element.name) {
            weights[element.name.lowercased(), default: 0] = max(
                weights[element.name.lowercased(), default: 0], element.weight)
        }
        self.weights = weights
    }

    /// Whether a coding is taken: by its own name, else by `*`. A weight of 0 refuses (section 12.4.2).
    /// - Parameter coding: In small letters: `gzip`.
    package func takes(_ coding: String) -> Bool { weights[coding] ?? weights["*"] ?? 0 > 0 }
}
