import TestSupport
import Testing
import Transfer

@Suite struct IPNetworkTests {
    @Test(arguments: [
        ("10.0.0.0/8", ["10.0.0.0", "10.255.255.255"], ["9.255.255.255", "11.0.0.0", "::a00:0"]),
        ("100.64.0.0/10", ["100.64.0.0", "100.127.255.255"], ["100.63.255.255", "100.128.0.0"]),
        ("127.0.0.1", ["127.0.0.1"], ["127.0.0.2"]), ("0.0.0.0/0", ["1.2.3.4"], ["::1"]),
        ("fc00::/7", ["fc00::", "fdff:ffff::1"], ["fbff::", "fe00::"]), ("::1/128", ["::1"], ["::2", "0.0.0.1"]),
        ("::/0", ["ff02::1"], ["1.2.3.4"]),
    ])
    func anAddressIsInItOrNot(network: String, inside: [String], outside: [String]) throws {
        let network = try #require(IPNetwork(network))
        for text in inside { #expect(network.contains(try #require(IPAddress(text))), "\(text)") }
        for text in outside { #expect(!network.contains(try #require(IPAddress(text))), "\(text)") }
    }

    @Test(arguments: [
        "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.0/8/8", "10.0.0.1/8", "::/129",
        "fc00::1/7", "10/8", "net/8",
    ])
    func whatIsNotOneIsNotRead(text: String) { #expect(IPNetwork(text) == nil) }

    /// An address is in the network of its first bits, whatever their number, and one that differs in these is not.
    @Test(arguments: UInt64(0)..<10) func theFirstBitsDecide(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let count = Bool.random(using: &generator) ? 4 : 16
            let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            let length = Int.random(in: 0...(8 * count), using: &generator)
            var start = bytes
            for bit in length..<(8 * count) { start[bit / 8] &= ~(0x80 >> UInt8(bit % 8)) }
            let first = try #require(IPAddress(bytes: start))
            let network = try #require(IPNetwork("\(first)/\(length)"), "seed \(seed): \(first)/\(length)")
            #expect(network.contains(try #require(IPAddress(bytes: bytes))), "seed \(seed): \(first)/\(length)")
            guard length > 0 else { continue }
            var other = bytes
            let bit = Int.random(in: 0..<length, using: &generator)
            other[bit / 8] ^= 0x80 >> UInt8(bit % 8)
            #expect(!network.contains(try #require(IPAddress(bytes: other))), "seed \(seed): \(first)/\(length)")
        }
    }
}
