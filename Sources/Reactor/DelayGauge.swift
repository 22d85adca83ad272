/// How long something has to wait: a smoothed figure and the worst of the last while. A value; whoever shares it locks it.
package struct DelayGauge: Sendable {
    /// What it says.
    package struct Figures: Equatable, Sendable {
        /// Smoothed over some dozen records (an exponentially weighted mean).
        package var average: Duration
        /// The longest of the last 10 to 20 seconds.
        package var longest: Duration

        /// Figures of these.
        package init(average: Duration, longest: Duration) {
            self.average = average
            self.longest = longest
        }
    }

    /// How long one record counts at least for `Figures.longest`.
    private static let window = Duration.seconds(10)
    /// The weight of a new record in the mean is one in this many.
    private static let smoothing = 16

    private var average = Duration.zero
    private var longest = Duration.zero
    private var longestBefore = Duration.zero
    private var windowBegan = MonotonicInstant(nanoseconds: 0)

    /// Nothing waited yet.
    package init() {}

    /// Something waited for `delay`, until `now`.
    package mutating func record(_ delay: Duration, at now: MonotonicInstant) {
        turn(now)
        average += (delay - average) / Self.smoothing
        longest = max(longest, delay)
    }

    /// The figures at `now`.
    package mutating func figures(at now: MonotonicInstant) -> Figures {
        turn(now)
        return Figures(average: average, longest: max(longest, longestBefore))
    }

    /// Begins another window when this one is over.
    private mutating func turn(_ now: MonotonicInstant) {
        let passed = now.since(windowBegan)
        guard passed >= Self.window else { return }
        longestBefore = passed < Self.window * 2 ? longest : .zero
        longest = .zero
        windowBegan = now
    }
}
