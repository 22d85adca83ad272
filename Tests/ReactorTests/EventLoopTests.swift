import Glibc
import Reactor
import ReactorSupport
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct EventLoopTests {
    @Test func performsOnItsThreadInOrder() async throws {
        try await withReactor { reactor in
            #expect(!reactor.isOnReactor)
            let seen = Mutex<[Int]>([])
            for number in 0..<100 { reactor.submit { seen.withLock { $0.append(number) } } }
            let onReactor = await reactor.call { reactor.isOnReactor }
            #expect(onReactor)
            #expect(seen.withLock { $0 } == Array(0..<100))
        }
    }

    @Test func runsTasksThatPreferItAndComesBackAfterASleep() async throws {
        try await withReactor { reactor in
            let places = await Task(executorPreference: reactor) {
                var places = [reactor.isOnReactor]
                try? await Task.sleep(for: .milliseconds(1))
                places.append(reactor.isOnReactor)
                await Task.yield()
                places.append(reactor.isOnReactor)
                return places
            }.value
            #expect(places == [true, true, true])
        }
    }

    @Test func tasksThatYieldForeverDoNotStarveDeadlinesAndClosures() async throws {
        try await withReactor { reactor in
            let greedy = Task(executorPreference: reactor) {
                while !Task.isCancelled { await Task.yield() }
            }
            for _ in 0..<10 { await reactor.call {} }
            try await reactor.sleep(for: .milliseconds(1))
            greedy.cancel()
            await greedy.value
        }
    }

    @Test func aTurnIsLongOnceItHasTakenItsTime() async throws {
        let clock = ManualClock()
        try await withReactor(clock: clock) { reactor in
            let isLong = await reactor.call {
                let atFirst = reactor.isTurnLong
                clock.advance(by: EventLoop.longTurn)
                return [atFirst, reactor.isTurnLong]
            }
            #expect(isLong == [false, true])
            // The next turn begins anew.
            #expect(await reactor.call { reactor.isTurnLong } == false)
        }
    }

    @Test func deadlinesFollowTheClock() async throws {
        let clock = ManualClock()
        try await withReactor(clock: clock) { reactor in
            let fired = Mutex<[String]>([])
            await reactor.call {
                _ = reactor.schedule(after: .seconds(10)) { fired.withLock { $0.append("ten") } }
                _ = reactor.schedule(after: .seconds(5)) { fired.withLock { $0.append("five") } }
                let token = reactor.schedule(after: .seconds(1)) { fired.withLock { $0.append("never") } }
                reactor.cancel(token)
            }
            clock.advance(by: .seconds(4))
            await settle(reactor)
            #expect(fired.withLock { $0 } == [])
            clock.advance(by: .seconds(1))
            await settle(reactor)
            #expect(fired.withLock { $0 } == ["five"])
            clock.advance(by: .seconds(60))
            await settle(reactor)
            #expect(fired.withLock { $0 } == ["five", "ten"])
        }
    }

    /// Two turns: due deadlines run before what was queued, in the turn that reads the clock.
    private func settle(_ reactor: EventLoop) async {
        reactor.wake()
        await reactor.call {}
        await reactor.call {}
    }

    @Test func sleepEndsWithItsDeadlineOrItsTask() async throws {
        let clock = ManualClock()
        try await withReactor(clock: clock) { reactor in
            let sleeper = Task { try await reactor.sleep(for: .seconds(3)) }
            let cancelled = Task { try await reactor.sleep(for: .seconds(3_000)) }
            cancelled.cancel()
            await #expect(throws: CancellationError.self) { try await cancelled.value }
            let driver = Task {
                while !Task.isCancelled {
                    clock.advance(by: .seconds(1))
                    reactor.wake()
                    await Task.yield()
                }
            }
            try await sleeper.value
            driver.cancel()
            let late = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await reactor.sleep(for: .seconds(1_000_000))
            }
            await #expect(throws: CancellationError.self) { try await late.value }
        }
    }

    @Test func tellsReadinessOfADescriptor() async throws {
        try await withReactor { reactor in
            let (ours, theirs) = try socketPair()
            defer { close(theirs) }
            let (events, sink) = AsyncStream<UInt32>.makeStream()
            let registration = try await reactor.call { () throws(SystemError) in
                try reactor.register(ours) { sink.yield($0.rawValue) }
            }
            var iterator = events.makeAsyncIterator()
            var seen: [Readiness] = []
            seen.append(Readiness(rawValue: await iterator.next() ?? 0))
            #expect(write(theirs, "x", 1) == 1)
            seen.append(Readiness(rawValue: await iterator.next() ?? 0))
            shutdown(theirs, CInt(SHUT_WR))
            seen.append(Readiness(rawValue: await iterator.next() ?? 0))
            #expect(seen == [.writable, [.readable, .writable], [.readable, .writable, .peerClosed]])
            await reactor.call { reactor.deregister(registration) }
            close(ours)
        }
    }

    @Test func anEventOfAClosedDescriptorFallsToNobody() async throws {
        try await withReactor { reactor in
            let (first, firstPeer) = try socketPair()
            let (second, secondPeer) = try socketPair()
            defer {
                close(firstPeer)
                close(secondPeer)
            }
            let (fresh, freshPeer) = try socketPair()
            defer {
                close(fresh)
                close(freshPeer)
            }
            let events = Mutex<[String]>([])
            // Both are writable in one turn; whichever is told first puts a new socket at the other's number. The event
            // that was already taken for the other must not reach the new one, which only wants to know of bytes.
            try await reactor.call { () throws(SystemError) in
                var registrations: [CInt: Registration] = [:]
                func replace(_ other: CInt) {
                    events.withLock { $0.append("told") }
                    guard let registration = registrations[other] else { return }
                    reactor.deregister(registration)
                    dup2(fresh, other)
                    _ = try? reactor.register(other, for: .readable) { _ in events.withLock { $0.append("stale") } }
                }
                registrations[first] = try reactor.register(first, for: .writable) { _ in replace(second) }
                registrations[second] = try reactor.register(second, for: .writable) { _ in replace(first) }
            }
            await reactor.call {}
            await reactor.call {}
            #expect(events.withLock { $0 } == ["told"])
            close(first)
            close(second)
        }
    }

    @Test func refusesARegularFile() async throws {
        try await withReactor { reactor in
            let file = open(#filePath, O_RDONLY)
            defer { close(file) }
            await #expect(throws: SystemError(call: "epoll_ctl", code: EPERM)) {
                _ = try await reactor.call { () throws(SystemError) in try reactor.register(file) { _ in } }
            }
        }
    }
}
