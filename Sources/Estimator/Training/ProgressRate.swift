import Glibc

/// How fast a run goes over all that it does: the loops, and what lies between them (evaluations, copies for
/// checkpoints, waiting for the disk).
///
/// Steps and seconds are summed up, each weighing e^(−age/τ): near the beginning that is the mean since the start, later
/// an exponential moving average with the time constant τ.
package struct ProgressRate: Sendable {
    /// τ in seconds.
    package static let timeConstant = 30.0

    private var steps = 0.0
    private var seconds = 0.0
    private var last: UInt64

    /// A run that begins now.
    ///
    /// - Parameter now: a monotonic clock's nanoseconds.
    package init(now: UInt64) { last = now }

    /// Takes steps that were done since the last call, and gives the steps a second.
    package mutating func add(steps count: Int, now: UInt64) -> Double {
        let passed = Double(max(1, now > last ? now - last : 0)) / 1e9
        last = max(last, now)
        let weight = exp(-passed / Self.timeConstant)
        steps = steps * weight + Double(count)
        seconds = seconds * weight + passed
        return steps / seconds
    }
}
