import Reactor
import Testing

@Suite struct MonotonicInstantTests {
    @Test func addingSaturatesAndIgnoresNegativeDurations() {
        let instant = MonotonicInstant(nanoseconds: 5)
        #expect((instant + .nanoseconds(7)).nanoseconds == 12)
        #expect((instant + .seconds(-1)) == instant)
        #expect((instant + .seconds(Int64.max)) == .distantFuture)
        #expect((instant + .seconds(1e19)) == .distantFuture)
        #expect((instant + .seconds(-1e19)) == instant)
        #expect((MonotonicInstant.distantFuture + .nanoseconds(1)) == .distantFuture)
        #expect(instant.since(MonotonicInstant(nanoseconds: 2)) == .nanoseconds(3))
        #expect(instant.since(MonotonicInstant(nanoseconds: 9)) == .zero)
    }
}
