/// The part of a file that a `Range` field asks for (RFC 9110 section 14.1.2).
package enum ByteRange: Equatable, Sendable {
    /// All of it: there is no field, or one that may be ignored (another unit, several ranges, malformed).
    case whole
    /// Bytes `lowerBound` to `upperBound - 1`.
    case part(Range<Int64>)
    /// Nothing of the file: 416.
    case unsatisfiable

    /// Reads the field for a file of `length` bytes.
    package init(field: String?, length: Int64) {
        self = field.flatMap { Self.parse($0, length) } ?? .whole
    }

    private static func parse(_ field: String, _ length: Int64) -> ByteRange? {
        let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].lowercased() == "bytes", !parts[1].contains(",") else { return nil }
        let ends = parts[1].split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2 else { return nil }
        switch (number(ends[0]), number(ends[1])) {
        case (let first?, let last?):
            guard first <= last else { return nil }
            return first < length ? .part(first..<min(length, last == .max ? .max : last + 1)) : .unsatisfiable
        case (let first?, nil) where ends[1].isEmpty: return first < length ? .part(first..<length) : .unsatisfiable
        case (nil, let suffix?) where ends[0].isEmpty:
            return suffix > 0 && length > 0 ? .part(max(0, length - suffix)..<length) : .unsatisfiable
        default: return nil
        }
    }

    /// Digits alone; what is larger than any file stands for the largest.
    private static func number(_ text: Substring) -> Int64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int64(text) ?? .max
    }
}
