/// How many steps a device loop makes so that it takes a time, by how long the one before it took (TensorFlow: what
/// `iterations_per_loop` as a time estimates).
package struct LoopPace: Sendable, Equatable {
    /// The time in nanoseconds.
    package let nanoseconds: UInt64
    /// Steps of the next loop: 1 of the first.
    package private(set) var iterations = 1

    /// How much longer a loop may be than the longest before it: one measured on a few steps says little.
    private static let growth = 8.0

    /// Loops of so many seconds; less than 1 counts as 1.
    package init(seconds: Int) {
        let (product, overflow) = UInt64(max(1, seconds)).multipliedReportingOverflow(by: 1_000_000_000)
        nanoseconds = overflow ? .max : product
    }

    /// Takes a loop of so many steps that took so long; one without a step says nothing.
    package mutating func add(steps: Int, nanoseconds took: UInt64) {
        guard steps > 0 else { return }
        let fitting = Double(steps) * Double(nanoseconds) / Double(max(1, took))
        let most = Double(max(iterations, steps)) * Self.growth
        iterations = Int(max(1, min(fitting, most, Double(Int32.max))))
    }
}
