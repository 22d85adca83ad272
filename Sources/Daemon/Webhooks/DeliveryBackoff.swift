/// The waits between the tries of a delivery: each three times the one before, up to six hours, spread so that what failed
/// together does not come again together.
package struct DeliveryBackoff: Hashable, Sendable {
    /// The first wait in seconds.
    package var first: Double
    /// How often a delivery is tried at most.
    package var mostTries: Int

    /// The longest wait in seconds.
    package static let longest = 21_600.0

    /// Waits that begin with `first` seconds, for at most `mostTries` tries.
    package init(first: Double, mostTries: Int) {
        self.first = first
        self.mostTries = mostTries
    }

    /// The seconds to wait after so many tries, at most; nil when there were as many as may be.
    package func longestWait(after tries: Int) -> Double? {
        guard tries < mostTries else { return nil }
        // Past some number of tries it is the longest in any case.
        let growth = (1..<min(max(1, tries), 40)).reduce(1.0) { product, _ in 3 * product }
        return min(first * growth, Self.longest)
    }

    /// The seconds to wait after so many tries; nil when there were as many as may be.
    /// - Parameter jitter: From 0, for half of the longest wait, to 1, for all of it.
    package func wait(after tries: Int, jitter: Double) -> Double? {
        longestWait(after: tries).map { $0 * (0.5 + 0.5 * min(1, max(0, jitter))) }
    }
}
