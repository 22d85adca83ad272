/// The media types that a client takes (RFC 9110 section 12.5.1).
package struct AcceptField: Sendable {
    /// One range with its weight.
    private struct Range {
        var type: String
        var subtype: String
        var hasParameters: Bool
        /// In thousandths.
        var weight: Int
    }

    private let ranges: [Range]?

    /// Reads the field; nil for a request without one, which takes anything. An element that is malformed is left out.
    package init(_ field: String?) {
        ranges = field.map { WeightedElement.list($0).compactMap(Self.range) }
    }

    /// How much a client wants a type, in thousandths: 0 is refused. The most specific range that fits says.
    /// - Parameter type: Without parameters, in small letters: `application/json`.
    package func weight(of type: String) -> Int {
        guard let ranges else { return 1_000 }
        let parts = type.split(separator: "/", maxSplits: 1)
        guard parts.count == 2 else { return 0 }
        var best: (specificity: Int, weight: Int) = (-1, 0)
        // One with parameters asks for more than the type says, so it does not fit.
        for range in ranges where !range.hasParameters {
            let specificity: Int
            if range.type == "*", range.subtype == "*" {
                specificity = 0
            } else if range.type == parts[0], range.subtype == "*" {
                specificity = 1
            } else if range.type == parts[0], range.subtype == parts[1] {
                specificity = 2
            } else {
                continue
            }
            if specificity > best.specificity || (specificity == best.specificity && range.weight > best.weight) {
                best = (specificity, range.weight)
            }
        }
        return best.weight
    }

    /// The type that a client wants most of those that there are; nil when it wants none. Among equal weights one that it
    /// names goes before one that it lets pass, and then the first of `types`.
    package func choice(among types: [String]) -> String? {
        var best: (type: String, weight: Int, isNamed: Bool)?
        for type in types {
            let weight = weight(of: type)
            let isNamed = ranges?.contains { "\($0.type)/\($0.subtype)" == type && $0.weight > 0 } ?? false
            guard weight > 0 else { continue }
            if let best, (best.weight, best.isNamed ? 1 : 0) >= (weight, isNamed ? 1 : 0) { continue }
            best = (type, weight, isNamed)
        }
        return best?.type
    }

    private static func range(_ element: WeightedElement) -> Range? {
        let names = element.name.split(separator: "/", omittingEmptySubsequences: false)
        guard names.count == 2, names.allSatisfy(WeightedElement.isToken), names[0] != "*" || names[1] == "*" else {
            return nil
        }
        return Range(
            type: names[0].lowercased(), subtype: names[1].lowercased(), hasParameters: !element.parameters.isEmpty,
            weight: element.weight)
    }
}
