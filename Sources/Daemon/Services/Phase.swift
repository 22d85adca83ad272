import Synchronization

/// Where the daemon is in its own life.
package enum Phase: Int, Sendable {
    /// Recovery is not complete.
    case starting = 0
    /// It takes jobs and runs them.
    case serving
    /// It takes none and stops those that run.
    case draining
}

/// The phase, readable from the reactor without waiting.
package final class PhaseSwitch: Sendable {
    private let value = Atomic(Phase.starting.rawValue)

    /// A daemon that is starting.
    package init() {}

    /// The phase now.
    package var phase: Phase {
        // The raw values stored are those of the cases alone.
        Phase(rawValue: value.load(ordering: .acquiring)) ?? .draining
    }

    /// Goes on to a later phase; never back.
    package func advance(to phase: Phase) {
        let raw = phase.rawValue
        var current = value.load(ordering: .acquiring)
        while current < raw {
            let (exchanged, original) = value.compareExchange(
                expected: current, desired: raw, ordering: .acquiringAndReleasing)
            if exchanged { return }
            current = original
        }
    }
}
