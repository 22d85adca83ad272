/// What requests of one reactor are read into, kept for further ones. On the reactor.
package final class RequestPool {
    /// What bodies are counted in.
    package let bodies: BodyBudget
    // Nothing that this calls comes back here.
    @exclusivity(unchecked) private var spare: [RequestStorage] = []

    /// Most that are kept for further requests.
    private static let mostSpare = 64

    /// An empty pool.
    package init(bodies: BodyBudget) { self.bodies = bodies }

    /// Something to read a request into.
    package func take() -> RequestStorage { spare.popLast() ?? RequestStorage() }

    /// Keeps what a request was read into for another one, unless somebody still has the request.
    package func giveBack(_ storage: consuming RequestStorage) {
        guard spare.count < Self.mostSpare, isKnownUniquelyReferenced(&storage) else { return }
        storage.reset()
        spare.append(storage)
    }
}
