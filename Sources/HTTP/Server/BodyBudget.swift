import Synchronization

/// How many bytes of bodies a server has in memory, all together and of each client. From anywhere.
package final class BodyBudget: Sendable {
    /// Whose bodies have more bytes than they may.
    package enum Overdraft: Equatable, Sendable {
        /// All clients' together.
        case all
        /// One client's.
        case client
    }

    private let limit: Int
    private let clientLimit: Int?
    private let figures: ServerFigures
    /// Bytes of each client that has some, where they are limited.
    private let counts = Mutex<[ClientKey: Int]>([:])

    /// Nothing is in memory.
    /// - Parameters:
    ///   - limit: As `ServerConfiguration.Limits.bodiesTogether`.
    ///   - clientLimit: As `ServerConfiguration.Limits.bodiesPerClient`.
    ///   - figures: Told of the bytes.
    package init(limit: Int, clientLimit: Int? = nil, figures: ServerFigures) {
        self.limit = limit
        self.clientLimit = clientLimit
        self.figures = figures
    }

    /// Bytes of bodies in memory.
    package var inMemory: Int { figures.bodyBytes }

    /// So many more bytes of a client are kept; what they overdraw, if anything.
    package func keep(_ count: Int, of client: ClientKey) -> Overdraft? {
        let all = figures.heldBodyBytes.add(count, ordering: .relaxed).newValue
        let own = clientLimit == nil ? 0 : add(count, to: client)
        if all > limit { return .all }
        if let clientLimit, own > clientLimit { return .client }
        return nil
    }

    /// So many bytes of a client are kept no more.
    package func release(_ count: Int, of client: ClientKey) {
        figures.heldBodyBytes.subtract(count, ordering: .relaxed)
        if clientLimit != nil { add(-count, to: client) }
    }

    /// How many bytes a client has with these, or without.
    @discardableResult
    private func add(_ count: Int, to client: ClientKey) -> Int {
        counts.withLock { counts in
            let own = counts[client, default: 0] + count
            counts[client] = own > 0 ? own : nil
            return own
        }
    }

    /// How many clients have bodies in memory, where they are limited.
    package var clients: Int { counts.withLock { $0.count } }
}
