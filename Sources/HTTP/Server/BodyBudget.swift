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

    private struct Bytes {
        var all = 0
        var clients: [ClientKey: Int] = [:]
    }

    private let limit: Int
    private let clientLimit: Int?
    private let figures: ServerFigures
    private let bytes = Mutex(Bytes())

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
        figures.heldBodyBytes.add(count, ordering: .relaxed)
        return bytes.withLock { bytes in
            bytes.all += count
            guard let clientLimit else { return bytes.all > limit ? .all : nil }
            bytes.clients[client, default: 0] += count
            if bytes.all > limit { return .all }
            return bytes.clients[client, default: 0] > clientLimit ? .client : nil
        }
    }

    /// So many bytes of a client are kept no more.
    package func release(_ count: Int, of client: ClientKey) {
        figures.heldBodyBytes.subtract(count, ordering: .relaxed)
        bytes.withLock { bytes in
            bytes.all -= count
            guard let left = bytes.clients[client] else { return }
            bytes.clients[client] = left > count ? left - count : nil
        }
    }

    /// How many clients have bodies in memory, where they are limited.
    package var clients: Int { bytes.withLock { $0.clients.count } }
}
