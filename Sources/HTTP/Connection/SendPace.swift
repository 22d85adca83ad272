package import Reactor

/// How fast a client takes what waits for it, looked at in windows of time that begin when something begins to wait.
package struct SendPace {
    /// When the present window began.
    package private(set) var began: MonotonicInstant
    private var taken = 0

    /// A window that begins now.
    package init(_ now: MonotonicInstant) { began = now }

    /// The client took so many bytes.
    package mutating func took(_ count: Int) { taken += count }

    /// Whether it took what it must through a whole window; never when it took nothing.
    package func isEnough(_ timeouts: ServerConfiguration.Timeouts) -> Bool {
        let (seconds, attoseconds) = timeouts.send.components
        let least = (Double(seconds) + Double(attoseconds) / 1e18) * Double(timeouts.minimumReadRate)
        return taken > 0 && Double(taken) >= least
    }
}
