package import Reactor
package import Store

/// Which deliveries begin now: those whose time has come, the longest waiting first, so many at once and so many to one
/// receiver.
package struct DeliveryPlan: Sendable {
    /// A delivery that is to be tried, and when.
    package typealias Waiting = (delivery: DeliveryRecord, due: MonotonicInstant)

    /// Deliveries that are under way at once.
    package static let most = 8
    /// Deliveries that are under way to one receiver at once.
    package static let mostToOne = 2

    /// The deliveries that begin.
    package private(set) var starts: [DeliveryRecord] = []
    /// When the next one's time comes; nil when none waits for a time.
    package private(set) var next: MonotonicInstant?

    /// - Parameters:
    ///   - waiting: What is to be tried.
    ///   - underWay: The receivers of those that are under way, by the deliveries' ids.
    ///   - now: The moment that is now.
    package init(_ waiting: [Waiting], underWay: [String: String], now: MonotonicInstant) {
        var count = underWay.count
        var toOne = underWay.values.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
        for (delivery, due) in waiting.sorted(by: { $0.due < $1.due }) where underWay[delivery.id] == nil {
            guard due <= now else {
                next = next ?? due
                continue
            }
            // The end of one that is under way makes the next plan.
            guard count < Self.most, toOne[delivery.origin, default: 0] < Self.mostToOne else { continue }
            starts.append(delivery)
            count += 1
            toOne[delivery.origin, default: 0] += 1
        }
    }
}
