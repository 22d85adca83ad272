import Daemon
import Formats
import Foundation
import Jobs
import Logging
import Reactor
import Testing
import WorkerProtocol

/// Attempts whose worker is some other program.
@Suite struct AttemptDriverTests {
    private func verdict(
        _ path: String, _ arguments: [String], stop: StopIntent? = nil, stall: Duration = .seconds(600),
        hang: Duration = .seconds(600)
    ) async throws -> AttemptVerdict {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tpud-driver-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let reactor = try EventLoop()
        let thread = try reactor.start()
        let driver = AttemptDriver(
            Assignment(
                job: "01", attempt: 1, epoch: 1, spec: [:], modelDirectory: folder.appending(path: "a/b").path,
                dataRoots: [], threads: 1, targetStep: nil, heartbeat: 1),
            spec: "{}", program: WorkerProgram(path: path, arguments: arguments),
            limits: .init(stall: stall, hang: hang, stop: .seconds(5)), reactor: reactor, log: Logger(label: "test"))
        if let stop { driver.stop(stop) }
        let verdict = await Task(executorPreference: reactor) { await driver.run { _ in } }.value
        reactor.stop()
        thread.join()
        return verdict
    }

    @Test func aProgramThatIsNotThere() async throws {
        let verdict = try await verdict("/nowhere/tpud", [])
        #expect(verdict.report.outcome == .interrupted && !verdict.ranStep)
        #expect(verdict.report.failure?.code == MachineCondition.ioError.rawValue)
        #expect(verdict.report.failure?.message.contains("could not be started") == true)
    }

    @Test func aProgramThatLeavesWithoutAWord() async throws {
        let verdict = try await verdict("/bin/sh", ["-c", "exit 3"])
        #expect(verdict.report.failure?.message == "the worker exited with 3 and left no outcome")
    }

    @Test func aProgramThatSpeaksNonsense() async throws {
        let verdict = try await verdict("/bin/sh", ["-c", "printf 'nonsense' >&0; exec sleep 60"])
        #expect(verdict.report.outcome == .crashed)
        #expect(verdict.report.failure?.message.contains("a frame of") == true, "\(verdict)")
    }

    @Test func aProgramThatSaysNothing() async throws {
        let verdict = try await verdict("/bin/sh", ["-c", "exec sleep 60"], stall: .milliseconds(200))
        #expect(verdict.report.outcome == .stalled)
    }

    @Test func aProgramThatOnlyLives() async throws {
        let frame = #"{"frame":"heartbeat","epoch":1,"work_seconds":0.5}"#
        let length = "\\0\\0\\0\\0\(String(frame.utf8.count, radix: 8))"
        let verdict = try await verdict(
            "/bin/sh", ["-c", "while :; do printf '\(length)%s' '\(frame)' >&0; sleep 0.02; done"],
            hang: .milliseconds(300))
        #expect(verdict.report.outcome == .stalled)
        #expect(verdict.report.failure?.message.contains("did any work") == true, "\(verdict)")
    }

    @Test func itsWholeGroupIsKilled() async throws {
        let mark = "61.\(UInt32.random(in: 1_000...9_999))"
        let verdict = try await verdict("/bin/sh", ["-c", "sleep \(mark) & exec sleep 60"], stall: .milliseconds(300))
        #expect(verdict.report.outcome == .stalled)
        let left = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { name in
            guard Int(name) != nil, let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") else {
                return false
            }
            return String(decoding: line, as: UTF8.self).contains(mark)
        }
        #expect(left.isEmpty)
    }

    @Test func aWishBeforeItIsThereKillsIt() async throws {
        let verdict = try await verdict("/bin/sh", ["-c", "exec sleep 60"], stop: .cancel)
        #expect(verdict.report.outcome == .cancelled)
    }
}
