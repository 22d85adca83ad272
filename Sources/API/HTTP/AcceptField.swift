/// The media types that a client takes (RFC 9110 section 12.5.1).
package struct AcceptField: Sendable {
    /// One range with its weight.
    private struct Range {
        var type: String
        var subtype: String
        var parameters: [String]
        /// In thousandths.
        var weight: Int
    }

    private let ranges: [Range]?

    /// Reads the field; nil for a request without one, which takes anything. An element that is malformed is left out.
    package init(_ field: String?) {
        ranges = field.map { Self.split($0, at: ",").compactMap(Self.range) }
    }

    /// How much a client wants a type, in thousandths: 0 is refused. The most specific range that fits says.
    /// - Parameter type: Without parameters, in small letters: `application/json`.
    package func weight(of type: String) -> Int {
        guard let ranges else { return 1_000 }
        let parts = type.split(separator: "/", maxSplits: 1)
        guard parts.count == 2 else { return 0 }
        var best: (specificity: Int, weight: Int) = (-1, 0)
        // One with parameters asks for more than the type says, so it does not fit.
        for range in ranges where range.parameters.isEmpty {
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

    private static func range(_ element: Substring) -> Range? {
        let parts = split(String(element), at: ";").map(trimmed)
        let names = parts[0].lowercased().split(separator: "/", omittingEmptySubsequences: false)
        guard names.count == 2, names.allSatisfy(isToken), names[0] != "*" || names[1] == "*" else { return nil }
        var range = Range(type: String(names[0]), subtype: String(names[1]), parameters: [], weight: 1_000)
        for parameter in parts.dropFirst() where !parameter.isEmpty {
            if parameter.lowercased().hasPrefix("q=") {
                guard let weight = weight(parameter.dropFirst(2)) else { return nil }
                range.weight = weight
                // What follows the weight is not part of the range.
                break
            }
            range.parameters.append(String(parameter))
        }
        return range
    }

    /// `qvalue` of section 12.4.2: 0 to 1 with at most three digits after the point.
    private static func weight(_ text: Substring) -> Int? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts[0] == "0" || parts[0] == "1" else { return nil }
        let digits = parts.count == 2 ? parts[1] : ""
        guard digits.utf8.count <= 3, digits.utf8.allSatisfy({ (48...57).contains($0) }),
            let fraction = Int(digits + String(repeating: "0", count: 3 - digits.utf8.count))
        else { return nil }
        guard parts[0] == "1" else { return fraction }
        return fraction == 0 ? 1_000 : nil
    }

    /// Splits at a mark that is not inside quotes.
    private static func split(_ text: String, at mark: Character) -> [Substring] {
        var parts: [Substring] = []
        var start = text.startIndex
        var isQuoted = false
        var isEscaped = false
        for index in text.indices {
            let character = text[index]
            if isEscaped {
                isEscaped = false
            } else if isQuoted, character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            } else if character == mark, !isQuoted {
                parts.append(text[start..<index])
                start = text.index(after: index)
            }
        }
        return parts + [text[start...]]
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }

    /// `token` of section 5.6.2, near enough: visible ASCII without separators.
    private static func isToken(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && !"\"(),/:;<=>?@[\\]{}".utf8.contains($0) }
    }
}
