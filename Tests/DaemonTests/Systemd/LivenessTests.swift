import Daemon
import Reactor
import Testing

@Suite struct LivenessTests {
    private let liveness = Liveness()
    private let limit = Duration.seconds(10)

    private func at(_ seconds: Int) -> MonotonicInstant { MonotonicInstant(nanoseconds: 0) + .seconds(seconds) }

    @Test func whatGetsOnIsFine() {
        #expect(liveness.hanging(at: at(0), limit: limit, commitWait: nil) == nil)
        #expect(liveness.asksPool(at: at(0)))
        liveness.poolAnswered()
        #expect(liveness.hanging(at: at(100), limit: limit, commitWait: .seconds(1)) == nil)
        #expect(liveness.asksPool(at: at(100)))
    }

    @Test func diskThreadsThatOweAnAnswerHang() {
        #expect(liveness.asksPool(at: at(0)))
        #expect(!liveness.asksPool(at: at(5)))
        #expect(liveness.hanging(at: at(9), limit: limit, commitWait: nil) == nil)
        #expect(liveness.hanging(at: at(10), limit: limit, commitWait: nil) == "the disk threads")
        liveness.poolAnswered()
        #expect(liveness.hanging(at: at(11), limit: limit, commitWait: nil) == nil)
    }

    @Test func aCommitThatDoesNotComeBackHangs() {
        #expect(liveness.hanging(at: at(0), limit: limit, commitWait: .seconds(10)) == "commits")
    }
}
