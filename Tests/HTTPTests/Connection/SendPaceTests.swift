import HTTP
import Reactor
import Testing

@Suite struct SendPaceTests {
    private let now = MonotonicInstant(nanoseconds: 7)

    /// Bytes taken, in a window of how long, at least so many a second: enough?
    @Test(
        arguments: [
            (3_000, .seconds(30), 100, true), (2_999, .seconds(30), 100, false), (0, .seconds(30), 0, false),
            (1, .seconds(30), 0, true), (50, .milliseconds(500), 100, true), (49, .milliseconds(500), 100, false),
        ] as [(Int, Duration, Int, Bool)])
    func aWindowAsksForItsBytes(taken: Int, window: Duration, rate: Int, isEnough: Bool) {
        var timeouts = ServerConfiguration.Timeouts()
        timeouts.send = window
        timeouts.minimumReadRate = rate
        var pace = SendPace(now)
        pace.took(taken / 2)
        pace.took(taken - taken / 2)
        #expect(pace.began == now)
        #expect(pace.isEnough(timeouts) == isEnough)
    }
}
