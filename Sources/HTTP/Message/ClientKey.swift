/// Who a request is from, as far as what each one may have at a time is counted.
package enum ClientKey: Hashable, Sendable {
    /// Whoever bears a token of this name.
    case name(String)
    /// An address of IPv4, or the first 64 bits of one of IPv6, which are one site's at least (RFC 6177).
    case site([UInt8])
    /// A user of this machine, over a Unix socket; nil where the kernel does not say which.
    case user(UInt32?)

    /// The client at the other end of a connection.
    package init(_ peer: Peer) {
        switch peer {
        case .internet(let address, _): self = .site(HostName(address: address)?.site ?? Array(address.utf8))
        case .unixSocket(let user): self = .user(user)
        }
    }
}
