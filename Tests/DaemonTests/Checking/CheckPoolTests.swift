import Daemon
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
                    _ = try await pool.check([UInt8](repeating: 0x20, count: 1 << 20), isDryRun: true)
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
}
