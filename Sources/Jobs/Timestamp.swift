/// A moment in UTC as whole microseconds since 1970-01-01T00:00:00Z (leap seconds are not counted, as in POSIX).
///
/// Nothing in this target reads a clock: every moment comes in as a parameter.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Microseconds since the epoch.
    package var microseconds: Int64

    /// Makes a moment from microseconds since the epoch.
    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// Makes a moment from seconds since the epoch; parts below a microsecond are cut off. Seconds beyond the range
    /// become the first or the last moment, and what is not a number becomes the epoch.
    package init(seconds: Double) {
        self.microseconds = Self.microseconds(of: seconds)
    }

    /// Seconds since the epoch.
    package var seconds: Double { Double(microseconds) / 1_000_000 }

    /// Whole milliseconds since the epoch, rounded down.
    package var milliseconds: Int64 { microseconds / 1000 - (microseconds % 1000 < 0 ? 1 : 0) }

    /// The moment so many seconds later (earlier when negative); the first or the last one where that is out of range.
    /// What is not a number moves nothing.
    package func advanced(bySeconds seconds: Double) -> Timestamp {
        let (sum, overflow) = microseconds.addingReportingOverflow(Self.microseconds(of: seconds))
        return Timestamp(microseconds: overflow ? (seconds < 0 ? .min : .max) : sum)
    }

    /// Seconds from `earlier` to this moment.
    package func seconds(since earlier: Timestamp) -> Double {
        let (difference, overflow) = microseconds.subtractingReportingOverflow(earlier.microseconds)
        // So far apart the microseconds don't count.
        return overflow ? seconds - earlier.seconds : Double(difference) / 1_000_000
    }

    /// Whole microseconds, cut off toward zero, within the range of the type; 0 for what is not a number.
    private static func microseconds(of seconds: Double) -> Int64 {
        let microseconds = (seconds * 1_000_000).rounded(.towardZero)
        if microseconds.isNaN { return 0 }
        return Int64(exactly: microseconds) ?? (microseconds < 0 ? .min : .max)
    }

    /// Orders moments by time.
    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }
}
