/// Which addresses may be connected to where somebody else chose the name: those that the whole internet reaches, and what
/// the operator allows besides.
///
/// The address itself is looked at, at the moment of the connection, and not the name before it: a name may lead elsewhere
/// each time that it is asked for (DNS rebinding).
package struct AddressPolicy: Hashable, Sendable {
    /// Networks that may be connected to although they are inner ones.
    package var allowed: [IPNetwork]

    /// Allows what the internet reaches, and these networks; default none.
    package init(allowed: [IPNetwork] = []) { self.allowed = allowed }

    /// Whether an address may be connected to.
    package func allows(_ address: IPAddress) -> Bool {
        if allowed.contains(where: { $0.contains(address) }) { return true }
        // What leads to an IPv4 address is that address.
        if let embedded = address.embedded { return allows(embedded) }
        return !Self.inner.contains { $0.contains(address) }
    }

    /// What is not on the internet, or belongs to the machine's own surroundings: IANA's special-purpose registries (RFC 6890)
    /// and the addresses by which clouds tell a machine its secrets.
    package static let inner: [IPNetwork] = [
        // This machine and this network; private; shared by a carrier's clients; link-local, with the clouds' metadata.
        "0.0.0.0/8", "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16",
        // Protocol assignments, documentation, relays, benchmarks; multicast, reserved and broadcast; Azure's host.
        "192.0.0.0/24", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "192.88.99.0/24", "198.18.0.0/15",
        "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16",
        // The same of IPv6, and what wraps IPv4 addresses: unspecified, loopback and compatible; local translation; discard;
        // Teredo, ORCHID and other assignments; documentation; 6to4; unique local; link- and site-local; multicast.
        "::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "2002::/16", "fc00::/7",
        "fe80::/10", "fec0::/10", "ff00::/8",
    ].compactMap { IPNetwork($0) }
}
