import Testing
import Transfer

@Suite struct AddressPolicyTests {
    private static let inner = [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.51.100.1",
        "203.0.113.1", "192.88.99.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "168.63.129.16", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254",
        "64:ff9b::10.0.0.1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::1", "3fff::1",
        "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1",
    ]
    private static let outer = [
        "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
        "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0", "198.17.255.255",
        "198.20.0.0", "223.255.255.255", "168.63.129.15", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1",
        "2606:4700:4700::1111", "2001:4860:4860::8888", "2a00::1",
    ]

    @Test func whatIsInsideIsRefusedAndWhatIsOutsideIsNot() throws {
        #expect(AddressPolicy.inner.count == 27, "each text of the list is a network")
        let policy = AddressPolicy()
        for text in Self.inner { #expect(!policy.allows(try #require(IPAddress(text))), "\(text)") }
        for text in Self.outer { #expect(policy.allows(try #require(IPAddress(text))), "\(text)") }
    }

    @Test func theOperatorAllowsNetworks() throws {
        let policy = AddressPolicy(allowed: ["10.1.0.0/16", "127.0.0.1", "fd00::/8"].compactMap { IPNetwork($0) })
        for (text, isAllowed) in [
            ("10.1.2.3", true), ("10.2.0.0", false), ("127.0.0.1", true), ("127.0.0.2", false), ("::1", false),
            ("::ffff:10.1.2.3", true), ("::ffff:10.2.0.0", false), ("fd12::1", true), ("fc00::1", false),
            ("169.254.169.254", false), ("1.1.1.1", true),
        ] {
            #expect(policy.allows(try #require(IPAddress(text))) == isAllowed, "\(text)")
        }
    }
}
