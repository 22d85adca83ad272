import Glibc

/// An address of the internet protocol by its bytes: 4 of IPv4 or 16 of IPv6.
package struct IPAddress: Hashable, Sendable {
    /// The bytes, the most significant first.
    package let bytes: [UInt8]

    /// The address of these bytes; nil where there are neither 4 nor 16.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Reads `192.0.2.1` or `2001:db8::1` (inet_pton(3)): no other way to write a number is taken.
    package init?(_ text: some StringProtocol) {
        let isIPv6 = text.contains(":")
        var bytes = [UInt8](repeating: 0, count: isIPv6 ? 16 : 4)
        guard inet_pton(isIPv6 ? AF_INET6 : AF_INET, String(text), &bytes) == 1 else { return nil }
        self.bytes = bytes
    }

    /// Reads the address of a socket's address; nil for another family than the two.
    init?(family: CInt, _ address: UnsafeRawPointer) {
        switch family {
        case AF_INET:
            let start = MemoryLayout<sockaddr_in>.offset(of: \.sin_addr) ?? 4
            bytes = Array(UnsafeRawBufferPointer(start: address + start, count: 4))
        case AF_INET6:
            let start = MemoryLayout<sockaddr_in6>.offset(of: \.sin6_addr) ?? 8
            bytes = Array(UnsafeRawBufferPointer(start: address + start, count: 16))
        default: return nil
        }
    }

    /// The IPv4 address that this one leads to, where it holds one: IPv4-mapped (RFC 4291 section 2.5.5.2) or behind the
    /// well-known prefix of a translator (RFC 6052 section 2.1). Nil for any other.
    package var embedded: IPAddress? {
        guard bytes.count == 16 else { return nil }
        let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
        let translated: [UInt8] = [0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]
        guard bytes.starts(with: mapped) || bytes.starts(with: translated) else { return nil }
        return IPAddress(bytes: Array(bytes[12...]))
    }
}

extension IPAddress: CustomStringConvertible {
    /// As it is written.
    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        var bytes = bytes
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard inet_ntop(family, &bytes, &text, socklen_t(text.count)) != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
