package import Reactor

/// What to do when accept(2) fails: never end the server, never spin.
package struct AcceptPolicy {
    /// What to do.
    package enum Verdict: Equatable {
        /// That connection is lost; the next one may be fine.
        case goOn
        /// Accept nothing for so long.
        case pause(Duration)
    }

    private var failures = 0

    /// Nothing failed yet.
    package init() {}

    /// A connection was accepted.
    package mutating func succeeded() { failures = 0 }

    /// accept(2) failed. Out of descriptors: a pause of 50 ms, doubled up to a second. A connection that broke while it
    /// waited (accept(2) lists the errors): go on, but not without end.
    package mutating func failed(_ error: SystemError) -> Verdict {
        failures += 1
        if !error.isOutOfDescriptors, failures < 100 { return .goOn }
        return .pause(.milliseconds(min(1_000, 50 << min(failures - 1, 5))))
    }
}
