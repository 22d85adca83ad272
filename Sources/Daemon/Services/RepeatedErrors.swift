package import Logging
package import Reactor
import Synchronization

/// Logs an error that comes again and again once, and then at most once a minute with how often it came meanwhile.
package final class RepeatedErrors: Sendable {
    /// One kind of error.
    private struct Entry {
        var logged: MonotonicInstant
        var since: Int
    }

    private let entries = Mutex<[String: Entry]>([:])
    private let log: Logger

    /// Time between two lines about the same.
    package static let pause = Duration.seconds(60)
    /// So many kinds are remembered; with more of them all are forgotten, which costs a line for each at most.
    private static let most = 1000

    /// - Parameter log: Where the lines go.
    package init(log: Logger) { self.log = log }

    /// Logs an error unless the same was logged less than a minute ago.
    /// - Parameters:
    ///   - kind: What makes it the same.
    ///   - message: The line.
    ///   - now: The moment that is now.
    package func error(_ kind: String, at now: MonotonicInstant, _ message: @autoclosure () -> String) {
        guard let skipped = count(kind, at: now) else { return }
        log.error("\(message())\(skipped > 0 ? " (and \(skipped) times since it was last said)" : "")")
    }

    /// Counts an error: nil when it is not to be logged, else how often it was not logged since.
    package func count(_ kind: String, at now: MonotonicInstant) -> Int? {
        entries.withLock { entries in
            if var entry = entries[kind], now < entry.logged + Self.pause {
                entry.since += 1
                entries[kind] = entry
                return nil
            }
            if entries.count >= Self.most { entries.removeAll() }
            let skipped = entries[kind]?.since ?? 0
            entries[kind] = Entry(logged: now, since: 0)
            return skipped
        }
    }
}
