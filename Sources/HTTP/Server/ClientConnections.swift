/// How many connections each client has. Without a limit nothing is counted; users of Unix sockets have none.
package struct ClientConnections {
    private let limit: Int?
    private var counts: [ClientKey: Int] = [:]

    /// Nobody is connected.
    /// - Parameter limit: How many a client may have; nil for as many as it likes.
    package init(limit: Int?) { self.limit = limit }

    /// A client connects: false where it has as many as it may, and then this one is not counted.
    package mutating func open(_ peer: Peer) -> Bool {
        guard let limit, case .internet = peer else { return true }
        let client = ClientKey(peer)
        guard counts[client, default: 0] < limit else { return false }
        counts[client, default: 0] += 1
        return true
    }

    /// A connection that was counted is over.
    package mutating func close(_ peer: Peer) {
        guard limit != nil, case .internet = peer else { return }
        let client = ClientKey(peer)
        guard let count = counts[client] else { return }
        counts[client] = count > 1 ? count - 1 : nil
    }

    /// How many clients are connected.
    package var clients: Int { counts.count }
}
