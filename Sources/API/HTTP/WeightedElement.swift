/// An element of a list whose elements may have weights, as Accept and Accept-Encoding are (RFC 9110 sections 5.6.1 and
/// 12.4.2): `name *( ";" parameter ) [ ";q=" qvalue ]`.
struct WeightedElement {
    /// What it is about, as it came.
    let name: Substring
    /// The parameters before its weight, as they came; empty ones left out.
    let parameters: [Substring]
    /// In thousandths; 1000 where none is given.
    let weight: Int

    /// The elements of a list in order. One whose weight is malformed is left out, and so is an empty one.
    static func list(_ field: String) -> [WeightedElement] {
        split(field[...], at: ",").compactMap { element in
            let parts = split(element, at: ";").map(trimmed)
            guard !parts[0].isEmpty else { return nil }
            var parameters: [Substring] = []
            for parameter in parts.dropFirst() where !parameter.isEmpty {
                guard parameter.lowercased().hasPrefix("q=") else {
                    parameters.append(parameter)
                    continue
                }
                // What follows the weight is not part of what it weighs.
                return weight(parameter.dropFirst(2)).map {
                    WeightedElement(name: parts[0], parameters: parameters, weight: $0)
                }
            }
            return WeightedElement(name: parts[0], parameters: parameters, weight: 1_000)
        }
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
    private static func split(_ text: Substring, at mark: Character) -> [Substring] {
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
    static func isToken(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && !"\"(),/:;<=>?@[\\]{}".utf8.contains($0) }
    }
}
