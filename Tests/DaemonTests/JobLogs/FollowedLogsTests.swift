import Daemon
import Foundation
import Glibc
import HTTP
import HTTPTypes
import Jobs
import Reactor
import Synchronization
import Testing

/// Who follows a log gets every byte of it once, whenever it came, and the end when the job is over.
@Suite(.timeLimit(.minutes(10))) struct FollowedLogsTests {
    /// A job's log that a test writes, and how often it was looked at.
    private final class Log: Sendable {
        let job = JobID(milliseconds: 1, random: (1, 2))
        let folder = FileManager.default.temporaryDirectory.appending(path: "tpud-log-\(UUID())")
        let isOver = Mutex(false)
        let looks = Atomic(0)

        func append(_ text: String) throws {
            let path = folder.appending(path: "log.txt").path
            let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
            defer { close(descriptor) }
            try #require(write(descriptor, text, text.utf8.count) == text.utf8.count)
        }
    }

    private struct Test {
        var log: Log
        var logs: FollowedLogs
        var server: LocalServer

        func follow(from offset: Int = 0) throws -> CInt {
            // HTTP/1.0: the body ends with the connection and has no chunks.
            try server.send("GET /log?from=\(offset) HTTP/1.0\r\nHost: h\r\n\r\n")
        }

        /// The body that a socket gets up to its end.
        func body(_ descriptor: CInt) -> String {
            let all = server.received(descriptor)
            return all.range(of: "\r\n\r\n").map { String(all[$0.upperBound...]) } ?? all
        }

        func untilFollowing(_ count: Int) async throws {
            while logs.count != count {
                try Task.checkCancellation()
                await Task.yield()
            }
        }
    }

    private func withLogs(_ body: (Test) async throws -> Void) async throws {
        let log = Log()
        try FileManager.default.createDirectory(at: log.folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: log.folder) }
        try await LocalServer.with { reactor in
            let logs = FollowedLogs(
                reactor: reactor,
                source: .init(
                    look: { _ in
                        log.looks.add(1, ordering: .relaxed)
                        return (log.folder.path, log.isOver.withLock { $0 })
                    }, failed: { Issue.record("the log of \($0) can't be read: \($1)") }))
            let route = Route(
                .get, "/log", body: .ignored,
                .immediate { request in
                    let from = request.query.first { $0.name == "from" }.flatMap { Int64($0.value) } ?? 0
                    return Response(.ok, body: .held(LogFollower(job: log.job, offset: from, among: logs)))
                })
            return (logs, route)
        } _: { server, logs in
            try await body(Test(log: log, logs: logs, server: server))
        }
    }

    @Test func everyFollowerGetsEveryByteOnceAndThenTheEnd() async throws {
        try await withLogs { test in
            try test.log.append("one\n")
            let early = try (0..<50).map { _ in try test.follow() }
            try await test.untilFollowing(50)
            var all = "one\n"
            for number in 0..<200 {
                try test.log.append("line \(number)\n")
                all += "line \(number)\n"
                test.logs.announce(test.log.job)
            }
            let late = try test.follow(from: 4)
            try await test.untilFollowing(51)
            // The last words come with the end and no announcement of their own.
            try test.log.append("end\n")
            all += "end\n"
            test.log.isOver.withLock { $0 = true }
            test.logs.announce(test.log.job)
            for descriptor in early { #expect(test.body(descriptor) == all) }
            #expect(test.body(late) == all.dropFirst(4))
            #expect(test.logs.count == 0)
        }
    }

    @Test func aLogThatIsNotThereYetIsWaitedFor() async throws {
        try await withLogs { test in
            let follower = try test.follow()
            try await test.untilFollowing(1)
            try test.log.append("first\n")
            test.logs.announce(test.log.job)
            test.log.isOver.withLock { $0 = true }
            test.logs.announceAll()
            #expect(test.body(follower) == "first\n")
        }
    }

    @Test func announcementsThatComeTogetherAreOneLook() async throws {
        try await withLogs { test in
            let follower = try test.follow()
            try await test.untilFollowing(1)
            await test.server.reactor.call { for _ in 0..<10_000 { test.logs.announce(test.log.job) } }
            #expect(test.log.looks.load(ordering: .relaxed) < 10)
            test.log.isOver.withLock { $0 = true }
            test.logs.announce(test.log.job)
            #expect(test.body(follower).isEmpty)
        }
    }

    @Test func whoGoesAwayIsForgotten() async throws {
        try await withLogs { test in
            let followers = try (0..<8).map { _ in try test.follow() }
            try await test.untilFollowing(8)
            for descriptor in followers { close(descriptor) }
            try await test.untilFollowing(0)
        }
    }
}
