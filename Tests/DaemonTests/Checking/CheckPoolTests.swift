import Daemon
import HTTP
import Foundation
import Glibc
import Logging
import Reactor
import Testing
import WorkerProtocol

/// Checks whose process is some other program.
@Suite struct CheckPoolTests {
    private func failure(
        _ path: String, _ arguments: [String], seconds: String = "3600",
        during: @escaping @Sendable (Task<CheckFailure?, Never>, CheckPool) -> Void = { _, _ in }
    ) async throws -> CheckFailure? {
        let reactor = try EventLoop()
        let thread = try reactor.start()
        let settings = try ConfigurationLoader(cores: 1).load([.flags(["check_timeout_seconds": [seconds]])])
        let pool = CheckPool(
            reactor: reactor, program: WorkerProgram(path: path, arguments: arguments),
            configuration: LiveConfiguration(settings), log: Logger(label: "test"))
        let failure = await Task(executorPreference: reactor) {
            let check = Task(executorPreference: reactor) { () -> CheckFailure? in
                do throws(CheckFailure) {
                    _ = try await pool.check([UInt8](repeating: 0x20, count: 1 << 20), of: .user(0), isDryRun: true)
                    return nil
                } catch {
                    return error
                }
            }
            during(check, pool)
            return await check.value
        }.value
        await reactor.call { pool.close() }
        reactor.stop()
        thread.join()
        return failure
    }

    @Test func aProgramThatIsNotThere() async throws {
        guard case .notStarted? = try await failure("/nowhere/tpud", []) else {
            Issue.record("it was started")
            return
        }
    }

    @Test func aProgramThatLeaves() async throws {
        #expect(try await failure("/bin/sh", ["-c", "exit 3"]) == .ended(.exited(3)))
        #expect(try await failure("/bin/sh", ["-c", "exit 4"]) == .tooMuchMemory)
        #expect(try await failure("/bin/sh", ["-c", "kill -XCPU $$"]) == .tooMuchTime)
        #expect(try await failure("/bin/sh", ["-c", "kill -ILL $$"]) == .ended(.signaled(4)))
    }

    @Test func aProgramThatSpeaksNonsense() async throws {
        let failure = try await failure("/bin/sh", ["-c", "printf 'nonsense' >&0; exec sleep 60"])
        guard case .malformed? = failure else {
            Issue.record("\(failure as Any)")
            return
        }
    }

    @Test func aProgramThatSaysNothing() async throws {
        #expect(try await failure("/bin/sh", ["-c", "exec sleep 60"], seconds: "0.2") == .tooSlow)
    }

    @Test func aClientThatGoesAndADaemonThatEnds() async throws {
        #expect(
            try await failure("/bin/sh", ["-c", "exec sleep 60"], during: { check, _ in check.cancel() }) == .cancelled)
        let closing = try await failure(
            "/bin/sh", ["-c", "exec sleep 60"], during: { _, pool in pool.close() })
        #expect(closing == .closing)
    }

    /// One process at a time, each of which waits for a line of the test's and then fails its check.
    @Test func aFloodByOneClientLeavesAnotherItsTurn() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "tpud-lines-\(UUID())").path
        try #require(mkfifo(path, 0o600) == 0)
        defer { unlink(path) }
        let lines = open(path, O_RDWR | O_CLOEXEC)
        defer { close(lines) }
        let reactor = try EventLoop()
        let thread = try reactor.start()
        // An hour: on a busy machine a test may get no turn for longer than a check may wait.
        let settings = try ConfigurationLoader(cores: 1).load([
            .flags(["checkers": ["1"], "check_timeout_seconds": ["3600"]])
        ])
        let pool = CheckPool(
            reactor: reactor,
            program: WorkerProgram(path: "/bin/sh", arguments: ["-c", "read line < \(path); exit 3"]),
            configuration: LiveConfiguration(settings), log: Logger(label: "test"))
        let (answers, answered) = AsyncStream.makeStream(of: (client: UInt32, failure: CheckFailure).self)
        func ask(_ client: UInt32) {
            Task(executorPreference: reactor) {
                do throws(CheckFailure) {
                    _ = try await pool.check([0x20], of: .user(client), isDryRun: true)
                } catch {
                    answered.yield((client, error))
                }
            }
        }
        for _ in 0..<100 { ask(1) }
        var iterator = answers.makeAsyncIterator()
        // One runs and 64 wait.
        for _ in 0..<35 {
            let refused = await iterator.next()
            #expect(refused?.client == 1 && refused?.failure == .clientBusy(waiting: 64))
        }
        ask(2)
        while await reactor.call({ pool.figures }) != (1, 65) { await Task.yield() }
        var order: [UInt32] = []
        for _ in 0..<3 {
            try #require(write(lines, "\n", 1) == 1)
            let next = await iterator.next()
            #expect(next?.failure == .ended(.exited(3)))
            order += [next?.client ?? 0]
        }
        // The one that ran, and one of each.
        #expect(order == [1, 1, 2])
        await reactor.call { pool.close() }
        reactor.stop()
        thread.join()
    }
}
