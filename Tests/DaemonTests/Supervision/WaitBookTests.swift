import Daemon
import Jobs
import Reactor
import Testing

@Suite struct WaitBookTests {
    private let job = JobID(milliseconds: 1, random: (0, 1))
    private let other = JobID(milliseconds: 1, random: (0, 2))

    private func moment(wall: Double, monotonic: Double) -> Moment {
        Moment(wall: Timestamp(seconds: wall), monotonic: instant(monotonic))
    }

    private func instant(_ seconds: Double) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: 0) + .seconds(seconds)
    }

    private func deadline(_ book: inout WaitBook<JobID>, end: Double, length: Double, _ now: Moment) -> MonotonicInstant
    {
        book.deadline(of: job, end: Timestamp(seconds: end), length: length, now: now)
    }

    @Test func aWaitEndsWhenItIsOver() {
        var book = WaitBook<JobID>()
        #expect(deadline(&book, end: 105, length: 5, moment(wall: 100, monotonic: 7)) == instant(12))
        #expect(deadline(&book, end: 105, length: 5, moment(wall: 104, monotonic: 11)) == instant(12))
    }

    @Test(arguments: [-1e9, -100, 100, 1e9]) func aClockThatIsSetChangesNothing(by seconds: Double) {
        var book = WaitBook<JobID>()
        _ = deadline(&book, end: 105, length: 5, moment(wall: 100, monotonic: 7))
        #expect(deadline(&book, end: 105, length: 5, moment(wall: 100 + seconds, monotonic: 8)) == instant(12))
    }

    /// The clock may be set between the moment that is stored and the first look at it.
    @Test(arguments: [-1e9, -100, 100, 1e9]) func aWaitThatBeginsHereNeedsNoWallClock(by seconds: Double) {
        var book = WaitBook<JobID>()
        book.begin(job, end: Timestamp(seconds: 105), seconds: 5, now: instant(7))
        #expect(deadline(&book, end: 105, length: 60, moment(wall: 100 + seconds, monotonic: 8)) == instant(12))
    }

    @Test func aClockThatWasSetBackBetweenTwoDaemonsCostsTheWholeWaitAtMost() {
        var book = WaitBook<JobID>()
        #expect(deadline(&book, end: 1_000_105, length: 5, moment(wall: 100, monotonic: 7)) == instant(12))
    }

    @Test func whatIsOverIsOverAtOnce() {
        var book = WaitBook<JobID>()
        #expect(deadline(&book, end: 90, length: 5, moment(wall: 100, monotonic: 7)) == instant(7))
    }

    @Test func anotherWaitOfTheSameJobIsReckonedAnew() {
        var book = WaitBook<JobID>()
        _ = deadline(&book, end: 105, length: 5, moment(wall: 100, monotonic: 7))
        #expect(deadline(&book, end: 205, length: 5, moment(wall: 200, monotonic: 30)) == instant(35))
        #expect(book.count == 1)
    }

    @Test(arguments: [0, -1, 1e300, .infinity, -.infinity]) func noLengthTraps(_ length: Double) {
        var book = WaitBook<JobID>()
        let now = moment(wall: 0, monotonic: 7)
        let end = Timestamp(microseconds: .max)
        #expect(book.deadline(of: job, end: end, length: length, now: now) >= instant(7))
    }

    @Test func whoWaitsNoMoreIsForgotten() {
        var book = WaitBook<JobID>()
        let now = moment(wall: 100, monotonic: 7)
        for job in [job, other] { _ = book.deadline(of: job, end: Timestamp(seconds: 105), length: 5, now: now) }
        book.keep(only: [other])
        #expect(book.count == 1)
    }
}
