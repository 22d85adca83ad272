import CLinux
import Glibc
import Synchronization
import Testing

import Reactor
import ReactorSupport

/// A process that was stopped (SIGSTOP, the freezer) finds many deadlines past and many descriptors ready at once.
@Suite(.timeLimit(.minutes(10))) struct LateTurnTests {
    private final class Record {
        var lines: [String] = []
    }

    /// Runs a reactor on this thread until `count` lines are recorded.
    private func lines(
        _ reactor: EventLoop, _ count: Int, _ prepare: (Record) throws -> Void
    ) throws -> [String] {
        let record = Record()
        try prepare(record)
        func stopWhenDone() {
            if record.lines.count >= count { return reactor.stop() }
            _ = reactor.schedule(after: .zero) { stopWhenDone() }
        }
        _ = reactor.schedule(after: .zero) { stopWhenDone() }
        reactor.run()
        return record.lines
    }

    /// A ready descriptor that is read once. Returns what closes both ends.
    private func ready(_ reactor: EventLoop, _ told: @escaping () -> Void) throws -> () -> Void {
        let (one, other) = try socketPair()
        var byte: UInt8 = 1
        #expect(write(other, &byte, 1) == 1)
        _ = try reactor.register(one, for: .readable) { _ in told() }
        return {
            close(one)
            close(other)
        }
    }

    @Test func everyReadyDescriptorComesBeforeADueDeadline() throws {
        // More than one batch of events.
        let sockets = 1_100
        let clock = ManualClock()
        let reactor = try EventLoop(clock: clock)
        var ends: [() -> Void] = []
        defer { for end in ends { end() } }
        let lines = try lines(reactor, sockets + 1) { record in
            _ = reactor.schedule(after: .seconds(1)) { record.lines.append("late") }
            for _ in 0..<sockets { ends.append(try ready(reactor) { record.lines.append("ready") }) }
            clock.advance(by: .seconds(60))
        }
        #expect(lines.firstIndex(of: "late") == sockets)
        #expect(lines.count == sockets + 1)
    }

    @Test func aWaitThatEndedWithoutEventsIsNoProofOfSilence() throws {
        let clock = ManualClock()
        let waits = Atomic(0)
        // The first wait ends with nothing, as EINTR and a timeout do, and a minute has passed meanwhile.
        let reactor = try EventLoop(clock: clock) { epoll, events, milliseconds throws(SystemError) in
            if waits.add(1, ordering: .relaxed).newValue == 1 {
                clock.advance(by: .seconds(60))
                return 0
            }
            return try SystemCall.epollWait(epoll, events, milliseconds: milliseconds)
        }
        var ends: [() -> Void] = []
        defer { for end in ends { end() } }
        let lines = try lines(reactor, 2) { record in
            _ = reactor.schedule(after: .seconds(1)) { record.lines.append("late") }
            ends.append(try ready(reactor) { record.lines.append("ready") })
        }
        #expect(lines == ["ready", "late"])
    }

    @Test func theLagIsHowLateADeadlineRan() throws {
        let clock = ManualClock()
        let reactor = try EventLoop(clock: clock)
        _ = try lines(reactor, 1) { record in
            _ = reactor.schedule(after: .seconds(1)) { record.lines.append("late") }
            clock.advance(by: .seconds(6))
        }
        // What ends the reactor was due at once.
        #expect(reactor.lag.longest == .seconds(6))
    }
}
