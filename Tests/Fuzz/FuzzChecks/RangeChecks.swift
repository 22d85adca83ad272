import API
import HTTP

/// Range, held against RFC 9110's grammar read byte by byte.
enum RangeChecks {
    private static let lengths: [Int64] = [0, 1, 2, 10, 100, 65_536, 1 << 40, .max]

    static func broken(by input: [UInt8]) -> String? {
        guard let first = input.first, let text = String(validating: input.dropFirst(), as: UTF8.self) else {
            return nil
        }
        let length = lengths[Int(first) % lengths.count]
        let (found, expected) = (ByteRange(field: text, length: length), range(Array(text.utf8), length))
        return found == expected ? nil : "Range: \(text) of \(length) bytes is \(found), expected \(expected)"
    }

    /// `bytes=first-last`, `bytes=first-` or `bytes=-suffix` (section 14.1.2); everything else may be ignored.
    private static func range(_ bytes: [UInt8], _ length: Int64) -> ByteRange {
        let unit = Array("bytes=".utf8)
        guard bytes.count > unit.count, bytes[..<unit.count].map(ByteClass.lowercased) == unit else { return .whole }
        var numbers: [Int64?] = [nil]
        for byte in bytes[unit.count...] {
            if byte == 0x2d {
                guard numbers.count == 1 else { return .whole }
                numbers.append(nil)
            } else if ByteClass.isDigit(byte) {
                let (product, over) = (numbers[numbers.count - 1] ?? 0).multipliedReportingOverflow(by: 10)
                let (sum, past) = product.addingReportingOverflow(Int64(byte - 0x30))
                numbers[numbers.count - 1] = over || past ? .max : sum
            } else {
                return .whole
            }
        }
        guard numbers.count == 2 else { return .whole }
        switch (numbers[0], numbers[1]) {
        case (nil, nil): return .whole
        case (nil, let suffix?):
            return suffix == 0 || length == 0 ? .unsatisfiable : .part((suffix > length ? 0 : length - suffix)..<length)
        case (let first?, let last):
            if let last, first > last { return .whole }
            guard first < length else { return .unsatisfiable }
            guard let last, last < length - 1 else { return .part(first..<length) }
            return .part(first..<(last + 1))
        }
    }
}
