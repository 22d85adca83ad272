package import HTTP
import Transfer

/// Whose check it is: clients take turns, and each has a part of what may wait.
package enum CheckClient: Hashable, Sendable {
    /// The name that a token has, or that the kernel vouches for.
    case name(String)
    /// Nobody has a name: an address of IPv4, or the first 64 bits of one of IPv6, which are one site's at least (RFC 6177),
    /// as connections are counted.
    case site([UInt8])
    /// Nobody has a name: a user of this machine, over the Unix socket; nil where the kernel does not say which.
    case user(UInt32?)

    /// Whoever sent a request.
    /// - Parameters:
    ///   - principal: Where it has a name, that is the client, from wherever it asks.
    ///   - peer: The other end of the connection.
    package init(_ principal: Principal, from peer: Peer) {
        guard principal == .anonymous else {
            self = .name(principal.name)
            return
        }
        switch peer {
        case .unixSocket(let user): self = .user(user)
        case .internet(let text, _):
            guard let address = IPAddress(text) else {
                self = .site(Array(text.utf8))
                return
            }
            let bytes = (address.embedded ?? address).bytes
            self = .site(bytes.count == 4 ? bytes : Array(bytes[..<8]))
        }
    }
}
