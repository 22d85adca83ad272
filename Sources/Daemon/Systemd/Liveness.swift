package import Reactor
import Synchronization

/// Whether the daemon gets on with its work: its reactor, its disk threads and its commits. Systemd's watchdog is fed
/// only while all three do, so that a daemon of which one part hangs for good is started anew. A commit that fails has
/// got on: a full disk is not a reason to start anew.
package final class Liveness: Sendable {
    private struct State {
        var askedPool: MonotonicInstant?
    }

    private let state = Mutex(State())

    /// Everything gets on.
    package init() {}

    /// Whether the disk threads are to be asked anew: not while they still owe the last answer.
    package func asksPool(at now: MonotonicInstant) -> Bool {
        state.withLock { state in
            if state.askedPool != nil { return false }
            state.askedPool = now
            return true
        }
    }

    /// The disk threads have answered.
    package func poolAnswered() { state.withLock { $0.askedPool = nil } }

    /// What hangs; nil when all get on. That the reactor does is said by the call itself.
    /// - Parameters:
    ///   - limit: The longest that an answer may take.
    ///   - commitWait: How long the oldest write has waited for its commit; nil when none waits.
    package func hanging(at now: MonotonicInstant, limit: Duration, commitWait: Duration?) -> String? {
        if let asked = state.withLock({ $0.askedPool }), now.since(asked) >= limit { return "the disk threads" }
        if let commitWait, commitWait >= limit { return "commits" }
        return nil
    }
}
