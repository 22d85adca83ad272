/// How many connections each client has. A client is an address of IPv4, or the first 64 bits of one of IPv6, which are one
/// site's at least (RFC 6177). Without a limit nothing is counted; clients of Unix sockets have none.
package struct ClientConnections {
    private let limit: Int?
    private var counts: [[UInt8]: Int] = [:]

    /// Nobody is connected.
    /// - Parameter limit: How many a client may have; nil for as many as it likes.
    package init(limit: Int?) { self.limit = limit }

    /// A client connects: false where it has as many as it may, and then this one is not counted.
    package mutating func open(_ peer: Peer) -> Bool {
        guard let limit, let client = Self.client(peer) else { return true }
        guard counts[client, default: 0] < limit else { return false }
        counts[client, default: 0] += 1
        return true
    }

    /// A connection that was counted is over.
    package mutating func close(_ peer: Peer) {
        guard limit != nil, let client = Self.client(peer), let count = counts[client] else { return }
        counts[client] = count > 1 ? count - 1 : nil
    }

    /// How many clients are connected.
    package var clients: Int { counts.count }

    private static func client(_ peer: Peer) -> [UInt8]? {
        guard case .internet(let address, _) = peer else { return nil }
        return HostName(address: address)?.site
    }
}
