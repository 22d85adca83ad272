package import Reactor

/// Holds a report of something that may happen thousands of times a second to one a second, each with the number of
/// times since the last.
package struct ReportLimit {
    private var last: MonotonicInstant?
    private var count = 0

    /// Nothing happened yet.
    package init() {}

    /// It happened at `now`; how many times to report, or nil to report nothing yet.
    package mutating func note(at now: MonotonicInstant) -> Int? {
        count += 1
        if let last, now.since(last) < .seconds(1) { return nil }
        last = now
        defer { count = 0 }
        return count
    }
}
