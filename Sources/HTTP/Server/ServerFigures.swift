import Synchronization

/// Counts of what a server did, which anybody may read at any time.
package final class ServerFigures: Sendable {
    let opened = Atomic(0)
    let openedInAll = Atomic(0)
    let evicted = Atomic(0)
    let refused = Atomic(0)
    let pauses = Atomic(0)
    let slowReaders = Atomic(0)
    let heldBodyBytes = Atomic(0)

    /// Nothing happened yet.
    package init() {}

    /// Connections that are open.
    package var connections: Int { opened.load(ordering: .relaxed) }
    /// Connections that were ever accepted.
    package var accepted: Int { openedInAll.load(ordering: .relaxed) }
    /// Idle connections that were closed to make room for new ones.
    package var idleClosed: Int { evicted.load(ordering: .relaxed) }
    /// Connections that were closed at once, as their client had as many as it may.
    package var refusedClients: Int { refused.load(ordering: .relaxed) }
    /// How often nothing was accepted for a while, as every connection was busy or descriptors ran out.
    package var acceptPauses: Int { pauses.load(ordering: .relaxed) }
    /// Connections that were broken off as their client took its answer too slowly.
    package var slowReadersDropped: Int { slowReaders.load(ordering: .relaxed) }
    /// Bytes of request bodies that are kept for handlers.
    package var bodyBytes: Int { heldBodyBytes.load(ordering: .relaxed) }
}
