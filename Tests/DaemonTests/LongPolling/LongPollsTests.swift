import Daemon
import Glibc
import HTTP
import HTTPTypes
import Jobs
import Reactor
import ReactorSupport
import Store
import Synchronization
import Testing

/// What waits for a job is answered when it must be, by one read of the job.
@Suite(.timeLimit(.minutes(10))) struct LongPollsTests {
    /// A job that a test changes, and how often it was read and shown.
    private final class Job: Sendable {
        let record: Mutex<JobRecord>
        let reads = Atomic(0)
        let shown = Atomic(0)

        init() {
            let id = JobID(milliseconds: 1, random: (1, 2))
            record = Mutex(
                JobRecord(
                    NewJob(
                        id: id, name: "a", mode: .train, owner: "o", modelDir: "jobs/\(id)",
                        createdAt: Timestamp(microseconds: 0), spec: "{}")))
        }

        var current: JobRecord { record.withLock { $0 } }

        func change() { record.withLock { $0.version += 1 } }
    }

    private struct Test {
        var job: Job
        var polls: LongPolls
        var clock: ManualClock
        var server: LocalServer

        /// Sends a request and returns the socket.
        func ask(_ target: String = "/poll", fields: String = "") throws -> CInt {
            try server.send("GET \(target) HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\(fields)\r\n")
        }

        /// The status and the body that a socket gets.
        func answer(_ descriptor: CInt) -> String {
            let lines = server.received(descriptor).split(separator: "\r\n", omittingEmptySubsequences: false)
            return "\(lines.first?.split(separator: " ").dropFirst().first ?? "none") \(lines.last ?? "")"
        }

        /// Waits until so many wait and nothing is being looked at.
        func untilWaiting(_ count: Int) async throws {
            while await !server.reactor.call({ polls.count == count && polls.isQuiet }) {
                try Task.checkCancellation()
                await Task.yield()
            }
        }
    }

    private func withPolls(_ body: (Test) async throws -> Void) async throws {
        let clock = ManualClock()
        let job = Job()
        try await LocalServer.with(clock: clock) { reactor in
            let polls = LongPolls(
                reactor: reactor,
                source: .init(
                    look: { _ in
                        job.reads.add(1, ordering: .relaxed)
                        return job.current
                    },
                    response: { record in
                        job.shown.add(1, ordering: .relaxed)
                        return .text("version \(record.version)")
                    }, problem: { _ in .text("problem", status: .internalServerError) }, isDraining: { false }))
            let route = Route(
                .get, "/poll", body: .ignored,
                .deferred { request in
                    let isFinal = request.query.contains { $0.name == "final" }
                    return .later(
                        LongPoll(
                            job: job.current.id, goal: isFinal ? .final : .version(above: job.current.version),
                            ifNoneMatch: request.field(.ifNoneMatch), deadline: clock.now() + .seconds(60),
                            among: polls))
                })
            return (polls, route)
        } _: { server, polls in
            try await body(Test(job: job, polls: polls, clock: clock, server: server))
        }
    }

    @Test func hundredsAreAnsweredByOneRead() async throws {
        try await withPolls { test in
            let sockets = try (0..<400).map { _ in try test.ask() }
            try await test.untilWaiting(400)
            let before = test.job.reads.load(ordering: .relaxed)
            test.job.change()
            test.polls.announce(test.job.current.id)
            for descriptor in sockets { #expect(test.answer(descriptor) == "200 version 2") }
            let reads = test.job.reads.load(ordering: .relaxed) - before
            let shown = test.job.shown.load(ordering: .relaxed)
            #expect(reads == 1)
            #expect(shown == 1)
            #expect(test.polls.count == 0)
        }
    }

    @Test func theDeadlineAnswersWithTheJobAsItIs() async throws {
        try await withPolls { test in
            let plain = try test.ask()
            let conditional = try test.ask(fields: "If-None-Match: \"1\"\r\n")
            let final = try test.ask("/poll?final")
            try await test.untilWaiting(3)
            test.job.change()
            test.polls.announce(test.job.current.id)
            #expect(test.answer(plain) == "200 version 2")
            #expect(test.answer(conditional) == "200 version 2")
            let same = try test.ask(fields: "If-None-Match: W/\"2\"\r\n")
            try await test.untilWaiting(2)
            test.clock.advance(by: .seconds(61))
            test.server.reactor.wake()
            #expect(test.answer(final) == "200 version 2")
            #expect(test.answer(same) == "304 ")
        }
    }

    @Test func whoGoesAwayWaitsNoLonger() async throws {
        try await withPolls { test in
            let sockets = try (0..<10).map { _ in try test.ask() }
            try await test.untilWaiting(10)
            for descriptor in sockets[..<9] {
                // A reset: a plain close may only mean that the client has no more to ask.
                var reset = linger(l_onoff: 1, l_linger: 0)
                setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &reset, socklen_t(MemoryLayout<linger>.size))
                close(descriptor)
            }
            try await test.untilWaiting(1)
            test.job.change()
            test.polls.announce(test.job.current.id)
            #expect(test.answer(sockets[9]) == "200 version 2")
        }
    }
}
