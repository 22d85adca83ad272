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

    /// Makes a moment from seconds since the epoch; parts below a microsecond are cut off.
    package init(seconds: Double) {
        self.microseconds = Int64(seconds * 1_000_000)
    }

    /// Seconds since the epoch.
    package var seconds: Double { Double(microseconds) / 1_000_000 }

    /// Whole milliseconds since the epoch, rounded down.
    package var milliseconds: Int64 { (microseconds - ((microseconds % 1000) + 1000) % 1000) / 1000 }

    /// The moment so many seconds later (earlier when negative).
    package func advanced(bySeconds seconds: Double) -> Timestamp {
        Timestamp(microseconds: microseconds + Int64(seconds * 1_000_000))
    }

    /// Seconds from `earlier` to this moment.
    package func seconds(since earlier: Timestamp) -> Double {
        Double(microseconds - earlier.microseconds) / 1_000_000
    }

    /// Orders moments by time.
    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }
}
