import Reactor
import Testing

@Suite struct DelayGaugeTests {
    @Test func theLongestIsForgottenAfterAWhile() {
        var gauge = DelayGauge()
        func at(_ seconds: UInt64) -> MonotonicInstant { MonotonicInstant(nanoseconds: seconds * 1_000_000_000) }
        gauge.record(.seconds(16), at: at(100))
        let fresh = gauge.figures(at: at(109))
        let later = gauge.figures(at: at(111))
        gauge.record(.zero, at: at(112))
        let old = gauge.figures(at: at(122))
        #expect(fresh.average == .seconds(1))
        #expect(fresh.longest == .seconds(16))
        #expect(later.longest == .seconds(16))
        #expect(old.longest == .zero)
        #expect(old.average < .seconds(1))
    }

    @Test func aLongSilenceForgetsAll() {
        var gauge = DelayGauge()
        gauge.record(.seconds(1), at: MonotonicInstant(nanoseconds: 1))
        let figures = gauge.figures(at: MonotonicInstant(nanoseconds: 60_000_000_000))
        #expect(figures.longest == .zero)
    }
}
