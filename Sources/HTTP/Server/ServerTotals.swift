import Reactor
import Synchronization

/// What a server counts of all its reactors together. From anywhere.
final class ServerTotals: Sendable {
    /// The bytes of bodies in memory.
    let bodies: BodyBudget
    private let figures: ServerFigures
    private let clients: Mutex<ClientConnections>
    /// Whether nothing is accepted until there is room.
    private let isHeld = Atomic(false)
    private let goOn = Mutex<(@Sendable () -> Void)?>(nil)

    init(_ configuration: ServerConfiguration) {
        figures = configuration.figures
        bodies = BodyBudget(
            limit: configuration.limits.bodiesTogether, clientLimit: configuration.limits.bodiesPerClient,
            figures: configuration.figures)
        clients = Mutex(ClientConnections(limit: configuration.limits.connectionsPerClient))
    }

    /// A client has connected: false where it has as many connections as it may.
    func opened(_ peer: Peer) -> Bool {
        guard clients.withLock({ $0.open(peer) }) else {
            figures.refused.add(1, ordering: .relaxed)
            return false
        }
        figures.openedInAll.add(1, ordering: .relaxed)
        figures.opened.add(1, ordering: .relaxed)
        return true
    }

    /// A connection that `opened` let in is over.
    func closed(_ peer: Peer) {
        clients.withLock { $0.close(peer) }
        figures.opened.subtract(1, ordering: .relaxed)
        hasRoom()
    }

    /// Nothing is accepted from now on: `goOn` is called once as soon as a connection has ended or waits for a request.
    func hold(_ goOn: @escaping @Sendable () -> Void) {
        self.goOn.withLock { $0 = goOn }
        isHeld.store(true, ordering: .sequentiallyConsistent)
    }

    /// A connection has ended or waits for a request.
    func hasRoom() {
        // Nearly always not: the exchange would take the line of memory from every other processor.
        guard isHeld.load(ordering: .sequentiallyConsistent) else { return }
        if isHeld.exchange(false, ordering: .sequentiallyConsistent) { goOn.withLock { $0 }?() }
    }
}
