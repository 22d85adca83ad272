package import Reactor
import Synchronization

/// Whether the daemon gets on with its work: its reactors, its disk threads and its commits. Systemd's watchdog is fed only
/// while all do, so that a daemon of which one part hangs for good is started anew. A commit that fails has got on: a full
/// disk is not a reason to start anew.
package final class Liveness: Sendable {
    /// What is asked and has to answer.
    package enum Part: Hashable, Sendable {
        /// The threads that wait for the disk.
        case disk
        /// A further reactor, by its number.
        case reactor(Int)

        fileprivate var words: String {
            switch self {
            case .disk: "the disk threads"
            case .reactor(let number): "reactor \(number)"
            }
        }
    }

    private let asked = Mutex<[Part: MonotonicInstant]>([:])

    /// Everything gets on.
    package init() {}

    /// Whether a part is to be asked anew: not while it still owes the last answer.
    package func asks(_ part: Part, at now: MonotonicInstant) -> Bool {
        asked.withLock { asked in
            if asked[part] != nil { return false }
            asked[part] = now
            return true
        }
    }

    /// A part has answered.
    package func answered(_ part: Part) { asked.withLock { $0[part] = nil } }

    /// What hangs; nil when all get on. That the first reactor does is said by the call itself.
    /// - Parameters:
    ///   - limit: The longest that an answer may take.
    ///   - commitWait: How long the oldest write has waited for its commit; nil when none waits.
    package func hanging(at now: MonotonicInstant, limit: Duration, commitWait: Duration?) -> String? {
        let late = asked.withLock { $0 }.filter { now.since($0.value) >= limit }
        if let longest = late.min(by: { $0.value < $1.value }) { return longest.key.words }
        if let commitWait, commitWait >= limit { return "commits" }
        return nil
    }
}
