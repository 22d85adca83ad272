/// Waits between tries of the same thing: 1 s, 2 s, 4 s and so on, up to a longest one.
package struct Backoff: Sendable {
    private var failures = 0
    private let longest: Int

    /// Nothing has failed.
    /// - Parameter longest: In seconds, at least 1; default a minute.
    package init(longest: Int = 60) { self.longest = longest }

    /// The next wait; longer than the last one.
    package mutating func next() -> Duration {
        defer { failures = min(failures + 1, 30) }
        return .seconds(min(longest, 1 << failures))
    }

    /// It went well: the next wait is the first one again.
    package mutating func reset() { failures = 0 }
}
