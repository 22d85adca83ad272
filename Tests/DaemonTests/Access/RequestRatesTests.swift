import Daemon
import Reactor
import ReactorSupport
import Testing

@Suite struct RequestRatesTests {
    @Test func aBucketFillsAtItsRateAndNoFurther() {
        let clock = ManualClock()
        let rates = RequestRates(perSecond: 5, now: { clock.now() })
        func taken() -> Int { (0..<1_000).prefix { _ in rates.take("alice") == nil }.count }
        #expect(taken() == 50)
        #expect(rates.take("alice") == 1)
        // Another name has a bucket of its own.
        #expect(rates.take("bob") == nil)
        clock.advance(by: .milliseconds(200))
        #expect(taken() == 1)
        clock.advance(by: .seconds(2))
        #expect(taken() == 10)
        clock.advance(by: .seconds(3_600))
        #expect(taken() == 50)
    }

    @Test func whoIsToWaitIsToldHowLong() {
        let clock = ManualClock()
        let rates = RequestRates(perSecond: 1, now: { clock.now() })
        while rates.take("alice") == nil {}
        #expect(rates.take("alice") == 1)
        clock.advance(by: .seconds(1))
        #expect(rates.take("alice") == nil)
    }
}
