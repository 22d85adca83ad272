import API
import Daemon
import Formats
import Foundation
import Glibc
import HTTP
import HTTPTypes
import Jobs
import Reactor
import ReactorSupport
import Store
import Synchronization
import TestSupport
import Testing

/// Who follows events gets every one of them once and in order, from a real store over real sockets.
@Suite(.timeLimit(.minutes(10))) struct FollowedEventsTests {
    private static func time(_ seconds: Int) -> Timestamp {
        Timestamp(microseconds: (1_700_000_000 + Int64(seconds)) * 1_000_000)
    }

    private static func id(_ number: Int) -> JobID {
        JobID(milliseconds: 1_700_000_000_000 + UInt64(number), random: (0, UInt64(number)))
    }

    private struct Test {
        var store: JobStore
        var events: FollowedEvents
        var clock: ManualClock
        var server: LocalServer

        /// Follows every job, or one, after an event. HTTP/1.0: the body ends with the connection and has no chunks.
        func follow(_ job: JobID? = nil, after seq: Int = 0, buffer: CInt? = nil) throws -> CInt {
            let target = "/events?after=\(seq)" + (job.map { "&job=\($0)" } ?? "")
            return try server.send("GET \(target) HTTP/1.0\r\nHost: h\r\n\r\n", receiveBuffer: buffer)
        }

        /// The events of an answer that a socket gets up to its end.
        func events(_ descriptor: CInt) -> [ServerSentEvent] { Self.events(in: server.received(descriptor)) }

        static func events(in answer: String) -> [ServerSentEvent] {
            var reader = EventStreamReader()
            return reader.append((answer.range(of: "\r\n\r\n").map { answer[$0.upperBound...] } ?? "").utf8)
        }

        /// The ids of everything that happened.
        func all(of job: JobID? = nil) async throws -> [String] {
            try await store.events(of: job).events.map { "\($0.seq)" }
        }

        func untilFollowing(_ count: Int) async throws {
            while events.count != count {
                try Task.checkCancellation()
                await Task.yield()
            }
        }

        @discardableResult
        func submit(_ number: Int) async throws -> JobID {
            let id = FollowedEventsTests.id(number)
            _ = try await store.submit(
                NewJob(
                    id: id, name: "a", mode: .train, owner: "o", modelDir: "jobs/\(id)",
                    createdAt: FollowedEventsTests.time(number), spec: "{}"))
            return id
        }

        /// Many jobs, some of them in one commit.
        func submit(_ numbers: Range<Int>) async throws {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in numbers { group.addTask { try await submit(number) } }
                try await group.waitForAll()
            }
        }

        func cancel(_ job: JobID) async throws {
            let record = try #require(try await store.job(job))
            try await store.transition(
                StateChange(
                    job: job, version: record.version, move: .init(to: .cancelled), at: FollowedEventsTests.time(1)))
        }

        /// Waits until a socket has got some words, which stay to be read. The clock moves on by `ticks` with each look.
        func untilSent(_ words: String, to descriptor: CInt, ticks: Duration = .zero) async throws {
            var buffer = [UInt8](repeating: 0, count: 1 << 18)
            while true {
                let count = recv(descriptor, &buffer, buffer.count, CInt(MSG_PEEK) | CInt(MSG_DONTWAIT))
                if count > 0, String(decoding: buffer[..<count], as: UTF8.self).contains(words) { return }
                try Task.checkCancellation()
                if ticks > .zero {
                    clock.advance(by: ticks)
                    server.reactor.wake()
                }
                await Task.yield()
            }
        }

        /// Ends all streams.
        func close() async throws {
            let reactor = server.reactor
            await Task(executorPreference: reactor) { [events] in await events.close() }.value
        }
    }

    /// What one connection has got of its stream so far.
    private struct StreamReading {
        private let descriptor: CInt
        private var head: [UInt8]? = []
        private var reader = EventStreamReader()
        private(set) var bytes = 0
        private(set) var events: [ServerSentEvent] = []

        init(_ descriptor: CInt) { self.descriptor = descriptor }

        /// Waits for more; false at the end of the stream.
        mutating func read(atMost most: Int) -> Bool {
            var buffer = [UInt8](repeating: 0, count: max(1, most))
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return false }
            bytes += count
            guard var head else {
                events += reader.append(buffer[..<count])
                return true
            }
            head += buffer[..<count]
            self.head = head
            if let end = head.indices.first(where: { head[$0...].starts(with: "\r\n\r\n".utf8) }) {
                events += reader.append(head[(end + 4)...])
                self.head = nil
            }
            return true
        }
    }

    private func withEvents(_ body: (Test) async throws -> Void) async throws {
        let path = NSTemporaryDirectory() + "tpud-events-\(UUID())"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let store = try JobStore(folder: path)
        let clock = ManualClock()
        try await LocalServer.with(clock: clock) { reactor in
            let events = FollowedEvents(reactor: reactor, store: store) { topic, error in
                Issue.record("the events of \(topic) can't be read: \(error)")
            }
            store.whenEventsCommit { events.announce($0) }
            let route = Route(
                .get, "/events", body: .ignored,
                .immediate { request in
                    let job = request.query.first { $0.name == "job" }.flatMap { JobID($0.value) }
                    let seq = request.query.first { $0.name == "after" }.flatMap { Int($0.value) } ?? 0
                    return Response(
                        .ok,
                        body: .held(
                            EventFollower(of: job.map { .job($0) } ?? .all, after: seq, among: events)))
                })
            return (events, route)
        } _: { server, events in
            try await body(Test(store: store, events: events, clock: clock, server: server))
        }
        try store.close()
    }

    @Test func aJobsStreamHasItsPastItsFutureAndItsEnd() async throws {
        try await withEvents { test in
            let job = try await test.submit(1)
            let other = try await test.submit(2)
            let early = try test.follow(job)
            try await test.untilFollowing(1)
            let kept = try await test.store.change(
                job, version: nil, to: JobChange(priority: 1), at: Self.time(1), promise: nil)
            guard case .done(let record) = kept else {
                Issue.record("a request without a key was taken for one that came before")
                return
            }
            try await test.cancel(other)
            try await test.cancel(job)
            let events = test.events(early)
            #expect(events.map(\.event) == ["STATE", "PATCH", "STATE", "end"])
            #expect(events.compactMap(\.id).prefix(3) == (try await test.all(of: job))[...])
            let end = try StreamEndView(wire: JSON(parsing: try #require(events.last).data))
            #expect(end.jobID == job && end.state == .cancelled && end.version == record.version + 1)
            // Whoever comes later gets the same, or what is left of it.
            #expect(test.events(try test.follow(job)) == events)
            let second = try #require(events[1].id.flatMap { Int($0) })
            #expect(test.events(try test.follow(job, after: second)).map(\.event) == ["STATE", "end"])
            #expect(test.events(try test.follow(job, after: 1_000)).map(\.event) == ["end"])
            #expect(test.events.count == 0)
        }
    }

    /// A job's stream tells nothing of others, and a job that is gone has nothing to tell.
    @Test func aDeletedJobsStreamEnds() async throws {
        try await withEvents { test in
            let job = try await test.submit(1)
            try await test.cancel(job)
            try await test.store.delete(job)
            #expect(test.events(try test.follow(job)).isEmpty)
        }
    }

    @Test func aThousandSubscribersSeeEveryEventInOrder() async throws {
        _ = DescriptorBudget.raisedLimit()
        try await withEvents { test in
            try await test.submit(0..<5)
            let sockets = try (0..<1_000).map { _ in try test.follow() }
            try await test.untilFollowing(1_000)
            for number in stride(from: 10, to: 200, by: 10) { try await test.submit(number..<number + 10) }
            let all = try await test.all()
            #expect(all.count == 195)
            let late = try test.follow(after: 190)
            for descriptor in sockets + [late] { try await test.untilSent("id: 195\n", to: descriptor) }
            try await test.close()
            for descriptor in sockets { #expect(test.events(descriptor).compactMap(\.id) == all) }
            #expect(test.events(late).compactMap(\.id) == all.suffix(5))
            #expect(test.events.count == 0)
        }
    }

    /// What a client does not read is not kept for it: it is read from the store when there is room again.
    @Test func aClientThatReadsSlowlyLosesNothingAndHoldsUpNobody() async throws {
        try await withEvents { test in
            let slow = try test.follow(buffer: 4_096)
            try await test.untilFollowing(1)
            try await test.submit(0..<6_000)
            let quick = try test.follow(after: 5_990)
            try await test.untilSent("id: 6000\n", to: quick)
            try await test.cancel(Self.id(1))
            var reading = StreamReading(slow)
            while reading.events.count < 6_001 {
                let goesOn = reading.read(atMost: 3_000)
                try #require(goesOn, "the stream ended after \(reading.events.count) events")
            }
            #expect(reading.events.compactMap(\.id) == (try await test.all()))
            close(slow)
            close(quick)
        }
    }

    /// A connection that is cut anywhere is taken up after the last whole event: nothing is missing, nothing comes twice.
    @Test func aStreamThatIsCutLosesAndRepeatsNothing() async throws {
        let seed = UInt64.random(in: 0..<1_000)
        try await withEvents { test in
            var generator = SeededGenerator(seed: seed)
            var found: [ServerSentEvent] = []
            var submitted = 0
            while found.count < 300 {
                let socket = try test.follow(after: found.last?.id.flatMap { Int($0) } ?? 0)
                // Some are there when it begins to follow, some come meanwhile.
                let more = submitted..<min(300, submitted + Int.random(in: 1...40, using: &generator))
                try await test.submit(more)
                submitted = more.upperBound
                var reading = StreamReading(socket)
                let wanted = Int.random(in: 200...6_000, using: &generator)
                while reading.bytes < wanted, found.count + reading.events.count < submitted {
                    guard reading.read(atMost: wanted - reading.bytes) else { break }
                }
                close(socket)
                found += reading.events
            }
            #expect(found.compactMap(\.id) == (try await test.all()), "seed \(seed)")
        }
    }

    @Test func aCommentComesWhereNothingHappens() async throws {
        try await withEvents { test in
            let socket = try test.follow()
            try await test.untilFollowing(1)
            var comments = "\r\n\r\n"
            for _ in 0..<3 {
                comments += ":\n\n"
                test.clock.advance(by: FollowedEvents.heartbeat)
                test.server.reactor.wake()
                try await test.untilSent(comments, to: socket)
            }
            try await test.submit(1)
            // Whoever was served while the clock was moved rests by it before the next look.
            try await test.untilSent("data: {\"seq\":1,", to: socket, ticks: .milliseconds(1))
            try await test.close()
            #expect(test.events(socket).map(\.id) == ["1"])
        }
    }

    @Test func whoGoesAwayIsForgottenAndWhoComesLateIsSentAway() async throws {
        try await withEvents { test in
            let sockets = try (0..<8).map { _ in try test.follow() }
            try await test.untilFollowing(8)
            for descriptor in sockets[..<4] { close(descriptor) }
            try await test.untilFollowing(4)
            try await test.close()
            for descriptor in sockets[4...] { #expect(test.events(descriptor).isEmpty) }
            #expect(test.events(try test.follow()).isEmpty)
            #expect(test.events.count == 0)
        }
    }
}
