/// How long things took, as Prometheus counts it: how many were at most as long as each of some bounds, how many there were, and
/// how long they took together.
package struct DurationHistogram: Sendable, Equatable {
    /// The bounds in nanoseconds, shortest first: half a millisecond to half a minute.
    private static let bounds: [Int64] = [
        500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000, 250_000_000,
        500_000_000, 1_000_000_000, 2_500_000_000, 5_000_000_000, 10_000_000_000, 30_000_000_000,
    ]

    /// How many lie between a bound and the one before; the last are longer than every bound.
    private var counts = [Int](repeating: 0, count: bounds.count + 1)
    private var nanoseconds: Int64 = 0

    /// Nothing yet.
    package init() {}

    /// One that took so long.
    package mutating func add(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let length = seconds.multipliedReportingOverflow(by: 1_000_000_000).partialValue + attoseconds / 1_000_000_000
        counts[Self.bounds.firstIndex { length <= $0 } ?? Self.bounds.count] += 1
        nanoseconds += length
    }

    /// Those of both.
    package static func + (left: DurationHistogram, right: DurationHistogram) -> DurationHistogram {
        var both = left
        for index in both.counts.indices { both.counts[index] += right.counts[index] }
        both.nanoseconds += right.nanoseconds
        return both
    }

    /// How many there were.
    package var count: Int { counts.reduce(0, +) }

    /// How long they took together, in seconds.
    package var sum: Double { Double(nanoseconds) / 1e9 }

    /// The bounds in seconds as labels, each with how many were at most that long; the last one, `+Inf`, has all.
    package var cumulative: [(bound: String, count: Int)] {
        var total = 0
        return counts.indices.map { index in
            total += counts[index]
            return (index < Self.bounds.count ? "\(Double(Self.bounds[index]) / 1e9)" : "+Inf", total)
        }
    }
}
