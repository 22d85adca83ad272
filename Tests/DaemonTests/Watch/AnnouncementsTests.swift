import Daemon
import Reactor
import Testing

@Suite struct AnnouncementsTests {
    private func withReactor(_ body: (Reactor, ManualClock) async throws -> Void) async throws {
        let clock = ManualClock()
        let reactor = try Reactor(clock: clock)
        let thread = try reactor.start()
        try await body(reactor, clock)
        reactor.stop()
        thread.join()
    }

    @Test func whatIsAnnouncedBeforeTheWaitIsNotMissed() async throws {
        try await withReactor { reactor, _ in
            let announcements = Announcements<Int>(reactor: reactor)
            let subscription = announcements.subscribe(to: 1)
            announcements.announce(2)
            announcements.announce(1)
            announcements.announce(1)
            #expect(await subscription.next(until: .distantFuture) == .announced)
            announcements.unsubscribe(subscription, from: 1)
            #expect(announcements.count == 0)
        }
    }

    @Test func waitsEndAtTheDeadlineByAnnouncementAndByCancellation() async throws {
        try await withReactor { reactor, clock in
            let announcements = Announcements<Int>(reactor: reactor)
            let subscription = announcements.subscribe(to: 1)
            let deadline = clock.now() + .seconds(5)
            async let timedOut = subscription.next(until: deadline)
            clock.advance(by: .seconds(6))
            reactor.wake()
            #expect(await timedOut == .timedOut)

            async let announced = subscription.next(until: .distantFuture)
            announcements.announce(1)
            #expect(await announced == .announced)

            let task = Task { await subscription.next(until: .distantFuture) }
            task.cancel()
            #expect(await task.value == .cancelled)
        }
    }

    @Test func everySubscriberIsTold() async throws {
        try await withReactor { reactor, _ in
            let announcements = Announcements<Int>(reactor: reactor)
            let all = (0..<100).map { _ in announcements.subscribe(to: 1) }
            await withTaskGroup(of: Bool.self) { group in
                for subscription in all {
                    group.addTask { await subscription.next(until: .distantFuture) == .announced }
                }
                announcements.announce(1)
                for await told in group { #expect(told) }
            }
        }
    }

    @Test func phasesNeverGoBack() {
        let phase = PhaseSwitch()
        #expect(phase.phase == .starting)
        phase.advance(to: .draining)
        phase.advance(to: .serving)
        #expect(phase.phase == .draining)
    }
}
