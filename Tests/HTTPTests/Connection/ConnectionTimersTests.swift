import HTTP
import Reactor
import ReactorSupport
import Testing

@Suite struct ConnectionTimersTests {
    private func at(_ seconds: Int) -> MonotonicInstant { MonotonicInstant(nanoseconds: 0) + .seconds(seconds) }

    private func deadline(
        _ timers: ConnectionTimers, _ limit: ConnectionMachine.TimeLimit?, unsent: Bool = false, received: Int = 0
    ) -> MonotonicInstant? {
        timers.deadline(limit, unsent: unsent, pace: SendPace(at(500)), bodyReceived: received, .init())
    }

    @Test func eachThingHasItsTime() {
        var timers = ConnectionTimers(at(100))
        #expect(deadline(timers, .request) == at(110), "the first request")
        #expect(deadline(timers, .head) == at(110))
        #expect(deadline(timers, .body) == at(120))
        #expect(deadline(timers, .linger) == at(102))
        #expect(deadline(timers, .send) == at(530))
        #expect(deadline(timers, nil) == nil)
        timers.beginRequest(at(200))
        #expect(deadline(timers, .request) == at(275), "a further request")
        timers.begin(at(300))
        #expect(deadline(timers, .request) == at(375))
        #expect(deadline(timers, .head) == at(310))
    }

    @Test func bytesOfABodyEarnTime() {
        let timers = ConnectionTimers(at(100))
        #expect(deadline(timers, .body, received: 16 << 10) == at(121))
        #expect(deadline(timers, .body, received: 160 << 10) == at(130))
        // No rate is asked for: a byte earns a second, and nothing is divided by zero.
        var timeouts = ServerConfiguration.Timeouts()
        timeouts.minimumBodyRate = 0
        let free = timers.deadline(.body, unsent: false, pace: SendPace(at(0)), bodyReceived: 7, timeouts)
        #expect(free == at(127))
        let most = timers.deadline(.body, unsent: false, pace: SendPace(at(0)), bodyReceived: .max, timeouts)
        #expect(most.map { $0 > at(1_000_000_000) } == true)
    }

    @Test func bytesThatWaitGoBeforeEverythingElse() {
        let timers = ConnectionTimers(at(100))
        for limit in [nil, .request, .head, .body, .send, .linger] as [ConnectionMachine.TimeLimit?] {
            #expect(deadline(timers, limit, unsent: true) == at(530))
        }
    }

    @Test func onlyAnEarlierDeadlineMustBeArmed() throws {
        let reactor = try EventLoop(clock: ManualClock(nanoseconds: 0))
        var timers = ConnectionTimers(reactor.now)
        #expect(timers.mustArm(at(10)))
        timers.arm(at(10), on: reactor) {}
        #expect(!timers.mustArm(at(10)))
        #expect(!timers.mustArm(at(11)))
        #expect(timers.mustArm(at(9)))
        timers.cameUp()
        #expect(timers.mustArm(at(99)))
    }

    @Test func aHandlerThatIsKeptIsNotCancelled() throws {
        let clock = ManualClock(nanoseconds: 0)
        let reactor = try EventLoop(clock: clock)
        let timers = Box(ConnectionTimers(reactor.now))
        timers.value.cancelSoon(after: .seconds(1), on: reactor) { timers.fired.append(1) }
        #expect(timers.value.isCancelling)
        timers.value.keepHandler(on: reactor)
        #expect(!timers.value.isCancelling)
        timers.value.cancelSoon(after: .seconds(2), on: reactor) { timers.fired.append(2) }
        _ = reactor.schedule(at: at(20)) { reactor.stop() }
        clock.advance(by: .seconds(30))
        reactor.run()
        #expect(timers.fired == [2])
    }

    @Test func stopTakesAllBack() throws {
        let clock = ManualClock(nanoseconds: 0)
        let reactor = try EventLoop(clock: clock)
        let timers = Box(ConnectionTimers(reactor.now))
        timers.value.arm(at(10), on: reactor) { timers.fired.append(10) }
        timers.value.arm(at(5), on: reactor) { timers.fired.append(5) }
        timers.value.cancelSoon(after: .seconds(1), on: reactor) { timers.fired.append(1) }
        let stopped = Box(ConnectionTimers(reactor.now))
        stopped.value.arm(at(3), on: reactor) { stopped.fired.append(3) }
        stopped.value.cancelSoon(after: .seconds(2), on: reactor) { stopped.fired.append(2) }
        stopped.value.stop(on: reactor)
        _ = reactor.schedule(at: at(20)) { reactor.stop() }
        clock.advance(by: .seconds(30))
        reactor.run()
        #expect(timers.fired == [1, 5])
        #expect(stopped.fired == [])
    }

    private final class Box {
        var value: ConnectionTimers
        var fired: [Int] = []

        init(_ value: ConnectionTimers) { self.value = value }
    }
}
