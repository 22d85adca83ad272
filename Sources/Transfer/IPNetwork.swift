/// The addresses that begin with the same bits: `10.0.0.0/8`, `fd00::/8`; an address alone is the network of itself.
package struct IPNetwork: Hashable, Sendable {
    private let address: IPAddress
    private let length: Int

    /// Reads an address, or an address and the number of bits that count. Nil for anything else, also where bits beyond those
    /// that count are set: whoever writes them means something else.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = parts.first.flatMap({ IPAddress($0) }) else { return nil }
        let most = 8 * address.bytes.count
        var length = most
        if parts.count > 1 {
            guard let bits = Int(parts[1]), "\(bits)" == parts[1], (0...most).contains(bits) else { return nil }
            length = bits
        }
        self.address = address
        self.length = length
        let rest = address.bytes.enumerated().map { index, byte in byte & ~Self.mask(length, byte: index) }
        guard rest.allSatisfy({ $0 == 0 }) else { return nil }
    }

    /// Whether an address is one of them.
    package func contains(_ other: IPAddress) -> Bool {
        guard other.bytes.count == address.bytes.count else { return false }
        return zip(address.bytes, other.bytes).enumerated().allSatisfy { index, pair in
            (pair.0 ^ pair.1) & Self.mask(length, byte: index) == 0
        }
    }

    /// The bits of a byte that count.
    private static func mask(_ length: Int, byte: Int) -> UInt8 {
        let bits = min(8, max(0, length - 8 * byte))
        return UInt8(truncatingIfNeeded: 0xFF00 >> bits)
    }
}
