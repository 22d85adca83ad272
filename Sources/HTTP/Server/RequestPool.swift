import Synchronization

/// What requests are read into, kept for further ones, and how many bytes of bodies all of them have together. On the
/// reactor.
package final class RequestPool {
    /// Bytes of bodies in memory.
    package private(set) var bodyBytes = 0
    private var spare: [RequestStorage] = []
    private let limit: Int
    private let figures: ServerFigures

    /// Most that are kept for further requests.
    private static let mostSpare = 64

    /// An empty pool.
    /// - Parameters:
    ///   - limit: as `ServerConfiguration.Limits.bodiesTogether`.
    ///   - figures: told of `bodyBytes`.
    package init(limit: Int, figures: ServerFigures) {
        self.limit = limit
        self.figures = figures
    }

    /// Whether bodies have more bytes than they may.
    package var isOverdrawn: Bool { bodyBytes > limit }

    /// Something to read a request into.
    package func take() -> RequestStorage { spare.popLast() ?? RequestStorage() }

    /// Keeps what a request was read into for another one, unless somebody still has the request.
    package func giveBack(_ storage: consuming RequestStorage) {
        guard spare.count < Self.mostSpare, isKnownUniquelyReferenced(&storage) else { return }
        storage.reset()
        spare.append(storage)
    }

    /// So many more bytes of bodies are kept, or fewer.
    package func keep(_ count: Int) {
        guard count != 0 else { return }
        bodyBytes += count
        figures.heldBodyBytes.store(bodyBytes, ordering: .relaxed)
    }
}
