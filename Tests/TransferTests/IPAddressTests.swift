import Testing
import Transfer

@Suite struct IPAddressTests {
    @Test(
        arguments: [
            ("127.0.0.1", [127, 0, 0, 1]), ("::1", [UInt8](repeating: 0, count: 15) + [1]),
            ("2001:db8::ff", [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [0xFF]),
        ] as [(String, [UInt8])])
    func anAddressIsReadAndWritten(text: String, bytes: [UInt8]) throws {
        let address = try #require(IPAddress(text))
        #expect(address.bytes == bytes && address.description == text)
        #expect(IPAddress(bytes: bytes) == address)
    }

    /// What libcurl and the resolver take for an address in other ways is not one here: they say it in bytes.
    @Test(arguments: ["", "127.1", "2130706433", "0x7f.0.0.1", "127.0.0.1 ", "::1%lo", "[::1]", "host", "1.2.3.4.5"])
    func whatIsNotOneIsNotRead(text: String) { #expect(IPAddress(text) == nil) }

    @Test func onlyFourAndSixteenBytesAreOne() {
        for count in 0...20 {
            let isAddress = IPAddress(bytes: [UInt8](repeating: 1, count: count)) != nil
            #expect(isAddress == (count == 4 || count == 16))
        }
    }

    @Test(
        arguments: [
            ("::ffff:10.0.0.1", "10.0.0.1"), ("64:ff9b::7f00:1", "127.0.0.1"), ("::10.0.0.1", nil), ("10.0.0.1", nil),
            ("2001:db8::1", nil), ("64:ff9b:1::7f00:1", nil),
        ] as [(String, String?)])
    func whatHoldsAnotherLeadsThere(text: String, embedded: String?) throws {
        #expect(try #require(IPAddress(text)).embedded == embedded.flatMap { IPAddress($0) })
    }
}
