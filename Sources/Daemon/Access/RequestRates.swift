package import Reactor
import Synchronization

/// Holds each name to so many requests a second: each has a bucket that fills at that rate and holds ten seconds' worth, and a
/// request takes one out of it.
package final class RequestRates: Sendable {
    private struct Bucket {
        var left: Double
        var at: MonotonicInstant
    }

    /// Seconds of requests that may come at once.
    package static let burst = 10.0
    /// So many names are remembered; with more of them all are forgotten, which gives each a full bucket.
    private static let most = 100_000

    private let perSecond: Double
    private let now: @Sendable () -> MonotonicInstant
    private let buckets = Mutex<[String: Bucket]>([:])

    /// - Parameters:
    ///   - perSecond: At least 1.
    ///   - now: The moment that is now.
    package init(perSecond: Int, now: @escaping @Sendable () -> MonotonicInstant) {
        self.perSecond = Double(perSecond)
        self.now = now
    }

    /// Takes a request of a name out of its bucket.
    /// - Returns: Nil where there was one; else the seconds, at least 1, after which there is.
    package func take(_ name: String) -> Int? {
        let now = now()
        return buckets.withLock { buckets in
            if buckets.count >= Self.most, buckets[name] == nil { buckets.removeAll() }
            let full = perSecond * Self.burst
            var bucket = buckets[name] ?? Bucket(left: full, at: now)
            bucket.left = min(full, bucket.left + perSecond * (now.since(bucket.at) / .seconds(1)))
            bucket.at = now
            let isThere = bucket.left >= 1
            if isThere { bucket.left -= 1 }
            buckets[name] = bucket
            return isThere ? nil : max(1, Int(((1 - bucket.left) / perSecond).rounded(.up)))
        }
    }
}
