/// A length of time as people write it: `60s`, `1.5m`, `500ms`, `1h`, or a bare number of seconds.
package enum WaitDuration {
    /// Reads it; nil when `text` is none (a sign, an exponent and blanks are not part of the form).
    ///
    /// - Returns: Seconds.
    package static func seconds(_ text: String) -> Double? {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit: Double? =
            switch text[digits.endIndex...] {
            case "", "s": 1
            case "ms": 0.001
            case "m": 60
            case "h": 3600
            default: nil
            }
        guard let unit, let first = digits.first, first != ".", digits.last != ".", digits.utf8.count <= 18,
            let value = Double(digits)
        else { return nil }
        return value * unit
    }
}
