import Daemon
import Reactor
import Store
import Testing

@Suite struct DeliveryPlanTests {
    private static func instant(_ seconds: Int) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: 0) + .seconds(seconds)
    }

    /// Deliveries by number, receiver and the second at which they are due.
    private static func plan(
        _ waiting: [(number: Int, origin: String, due: Int)], underWay: [String: String] = [:], now: Int = 10
    ) -> (starts: [Int], next: MonotonicInstant?) {
        let plan = DeliveryPlan(
            waiting.map { (SampleDelivery.make($0.number, origin: $0.origin), instant($0.due)) }, underWay: underWay,
            now: instant(now))
        return (plan.starts.map(\.number), plan.next)
    }

    @Test func whatIsDueBeginsTheLongestWaitingFirst() {
        let plan = Self.plan([(1, "a", 11), (2, "b", 10), (3, "c", 2), (4, "d", 30)])
        #expect(plan.starts == [3, 2] && plan.next == Self.instant(11))
        #expect(Self.plan([]).starts.isEmpty && Self.plan([]).next == nil)
    }

    @Test func oneReceiverGetsTwoAtATime() {
        let waiting = [(1, "a", 1), (2, "a", 2), (3, "a", 3), (4, "b", 4)]
        #expect(Self.plan(waiting).starts == [1, 2, 4])
        #expect(Self.plan(waiting, underWay: ["msg_1": "a"]).starts == [2, 4])
        #expect(Self.plan(waiting, underWay: ["msg_1": "a", "msg_2": "a"]).starts == [4])
        #expect(Self.plan(waiting, underWay: ["msg_1": "a", "msg_2": "a"]).next == nil)
    }

    @Test func allTogetherAreEight() {
        let waiting = (1...20).map { ($0, "h\($0)", $0) }
        #expect(Self.plan(waiting, now: 30).starts == Array(1...8))
        let underWay = Dictionary(uniqueKeysWithValues: (1...6).map { ("msg_\($0)", "h\($0)") })
        #expect(Self.plan(waiting, underWay: underWay, now: 30).starts == [7, 8])
        // What waits for one of these to end has no time of its own.
        #expect(Self.plan(waiting, now: 30).next == nil && Self.plan(waiting, now: 9).next == Self.instant(10))
    }
}
