import Daemon
import Reactor
import Testing

@Suite struct LivenessTests {
    private let liveness = Liveness()
    private let limit = Duration.seconds(10)

    private func at(_ seconds: Int) -> MonotonicInstant { MonotonicInstant(nanoseconds: 0) + .seconds(seconds) }

    @Test func whatGetsOnIsFine() {
        #expect(liveness.hanging(at: at(0), limit: limit, commitWait: nil) == nil)
        #expect(liveness.asks(.disk, at: at(0)))
        liveness.answered(.disk)
        #expect(liveness.hanging(at: at(100), limit: limit, commitWait: .seconds(1)) == nil)
        #expect(liveness.asks(.disk, at: at(100)))
    }

    @Test func diskThreadsThatOweAnAnswerHang() {
        #expect(liveness.asks(.disk, at: at(0)))
        #expect(!liveness.asks(.disk, at: at(5)))
        #expect(liveness.hanging(at: at(9), limit: limit, commitWait: nil) == nil)
        #expect(liveness.hanging(at: at(10), limit: limit, commitWait: nil) == "the disk threads")
        liveness.answered(.disk)
        #expect(liveness.hanging(at: at(11), limit: limit, commitWait: nil) == nil)
    }

    @Test func aReactorThatOwesAnAnswerHangs() {
        #expect(liveness.asks(.reactor(1), at: at(0)))
        #expect(liveness.asks(.reactor(2), at: at(1)))
        liveness.answered(.reactor(2))
        #expect(liveness.hanging(at: at(10), limit: limit, commitWait: .seconds(10)) == "reactor 1")
        liveness.answered(.reactor(1))
        #expect(liveness.hanging(at: at(10), limit: limit, commitWait: nil) == nil)
    }

    @Test func aCommitThatDoesNotComeBackHangs() {
        #expect(liveness.hanging(at: at(0), limit: limit, commitWait: .seconds(10)) == "commits")
    }
}
