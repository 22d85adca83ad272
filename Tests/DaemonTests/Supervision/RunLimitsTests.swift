import Daemon
import Jobs
import Reactor
import Testing

@Suite struct RunLimitsTests {
    private static let job = JobID(milliseconds: 1, random: (1, 2))
    private static let began = MonotonicInstant(nanoseconds: 5_000_000_000)

    @Test func whatEarlierAttemptsRanIsTakenOff() {
        var limits = RunLimits()
        limits.begin(Self.job, limit: 100, now: Self.began)
        // Until it is known how long they ran, nothing ends.
        #expect(limits.deadline(of: Self.job) == nil)
        limits.learn(Self.job, earlier: 40)
        #expect(limits.deadline(of: Self.job) == Self.began + .seconds(60))
        limits.end(Self.job)
        #expect(limits.deadline(of: Self.job) == nil)
    }

    @Test func aChangeCountsFromTheAttemptsBeginning() {
        var limits = RunLimits()
        limits.change(Self.job, limit: 1)
        #expect(limits.deadline(of: Self.job) == nil)
        limits.begin(Self.job, limit: nil, now: Self.began)
        // Before it is known how long earlier ones ran, too.
        limits.change(Self.job, limit: 30)
        limits.learn(Self.job, earlier: 10)
        #expect(limits.deadline(of: Self.job) == Self.began + .seconds(20))
        limits.change(Self.job, limit: 15)
        #expect(limits.deadline(of: Self.job) == Self.began + .seconds(5))
        limits.change(Self.job, limit: nil)
        #expect(limits.deadline(of: Self.job) == nil)
    }

    @Test func aTimeThatIsOverIsOverNow() {
        var limits = RunLimits()
        limits.begin(Self.job, limit: 5, now: Self.began)
        limits.learn(Self.job, earlier: 50)
        #expect(limits.deadline(of: Self.job) == Self.began)
        limits.change(Self.job, limit: .greatestFiniteMagnitude)
        #expect(limits.deadline(of: Self.job) == Self.began + .seconds(1_000_000_000))
    }
}
