/// Percent-encoding taken off (RFC 3986 section 2.1).
package enum PercentCoding {
    /// The decoded text of `bytes`, or nil when it is not UTF-8 or an encoding is broken.
    /// - Parameter plusIsSpace: as in a query of a form (WHATWG URL standard, section 5.1). Default false.
    package static func decoded(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool = false) -> String? {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            if byte == 0x25 {
                guard index + 2 < bytes.endIndex, let high = ByteClass.hexValue(bytes[index + 1]),
                    let low = ByteClass.hexValue(bytes[index + 2])
                else { return nil }
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(plusIsSpace && byte == 0x2b ? 0x20 : byte)
                index += 1
            }
        }
        return String(validating: result, as: UTF8.self)
    }
}
