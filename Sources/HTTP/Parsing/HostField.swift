/// The value of Host, and the authority of an absolute target (RFC 3986 section 3.2): `host [":" port]`, no user.
package enum HostField {
    /// Whether `value` names a host. An empty one is allowed (RFC 9112 section 3.2).
    package static func isValid(_ bytes: Span<UInt8>, _ value: Range<Int>) -> Bool {
        var index = value.lowerBound
        if index < value.upperBound, bytes[index] == 0x5b {
            guard let close = value.first(where: { bytes[$0] == 0x5d }), close > index + 2 else { return false }
            for inside in (index + 1)..<close
            where ByteClass.hexValue(bytes[inside]) == nil && bytes[inside] != 0x3a && bytes[inside] != 0x2e {
                return false
            }
            index = close + 1
        } else {
            while index < value.upperBound, bytes[index] != 0x3a {
                if bytes[index] == 0x25 {
                    guard index + 2 < value.upperBound, ByteClass.hexValue(bytes[index + 1]) != nil,
                        ByteClass.hexValue(bytes[index + 2]) != nil
                    else { return false }
                    index += 3
                } else {
                    guard ByteClass.isRegisteredName(bytes[index]) else { return false }
                    index += 1
                }
            }
        }
        guard index < value.upperBound else { return true }
        guard bytes[index] == 0x3a else { return false }
        return ((index + 1)..<value.upperBound).allSatisfy { ByteClass.isDigit(bytes[$0]) }
    }
}
