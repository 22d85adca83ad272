import Daemon
import Foundation
import Glibc
import Reactor
import Testing

@Suite struct WorkerLaunchTests {
    @Test func theCountIsReadFromTheKernelsText() {
        #expect(MemoryKills.count(in: "nr_free_pages 5\noom_kill 12\nballoon 3\n") == 12)
        #expect(MemoryKills.count(in: "nr_free_pages 5\n") == 0)
    }

    @Test(arguments: [
        (
            "2026-01-01T00:00:00.000Z INFO step 1\nFatal error: failed to allocate 1073741856 bytes of memory\nCurrent",
            true
        ),
        ("terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc\n", true),
        ("Executor/ZeroedBlock.swift:25: Fatal error: failed to allocate 4096 bytes of memory\n", true),
        ("2026-01-01T00:00:00.000Z INFO Fatal error: failed to allocate 3 bytes\n", false),
        ("Fatal error: Index out of range\n", false), ("", false),
    ]) func aRefusedAllocationIsALineOfTheRuntimes(log: String, is refusal: Bool) {
        #expect(MemoryKills.saysRefusal(log) == refusal)
    }

    private func prepared(
        _ body: (WorkerLaunch, URL) throws -> Void, log: String? = nil
    ) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tpud-launch-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let model = folder.appending(path: "jobs/a")
        if let log {
            try FileManager.default.createDirectory(at: model, withIntermediateDirectories: true)
            try Data(log.utf8).write(to: model.appending(path: "log.txt"))
        }
        let launch = try WorkerLaunch.prepare(
            program: WorkerProgram(path: "/bin/x", arguments: ["worker"]), modelDirectory: model.path)
        defer {
            for descriptor in [launch.daemonEnd, launch.child.standardInput, launch.child.standardOutput] {
                close(descriptor)
            }
        }
        try body(launch, model)
    }

    @Test func theChildGetsItsEndOfTheSocketAndTheJobsLog() throws {
        try prepared { launch, model in
            #expect((launch.child.executable, launch.child.arguments) == ("/bin/x", ["worker"]))
            #expect(launch.child.workingDirectory == model.path)
            #expect(launch.log.start == 0)
            #expect(write(launch.child.standardOutput, "hello\n", 6) == 6)
            let log = try String(contentsOf: model.appending(path: "log.txt"), encoding: .utf8)
            #expect(log == "hello\n")
            // What one end is sent the other end gets; the daemon's never waits.
            #expect(send(launch.child.standardInput, "x", 1, 0) == 1)
            var byte: UInt8 = 0
            #expect(recv(launch.daemonEnd, &byte, 1, 0) == 1 && byte == UInt8(ascii: "x"))
            #expect(recv(launch.daemonEnd, &byte, 1, 0) == -1 && errno == EAGAIN)
        }
    }

    @Test func anAttemptGoesOnInTheLogWhereTheLastOneEnded() throws {
        try prepared(
            { launch, model in
                #expect(launch.log.start == 8)
                #expect(write(launch.child.standardOutput, "new\n", 4) == 4)
                let log = try String(contentsOf: model.appending(path: "log.txt"), encoding: .utf8)
                #expect(log == "earlier\nnew\n")
            }, log: "earlier\n")
    }

    @Test func aFolderThatCanNotBeMadeIsTheMachines() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "tpud-launch-\(UUID())")
        try Data().write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        #expect(throws: SystemError(call: "mkdir", code: ENOTDIR)) {
            try WorkerLaunch.prepare(
                program: WorkerProgram(path: "/bin/x", arguments: []), modelDirectory: file.path + "/jobs/a")
        }
    }

    /// What an attempt wrote before is not its own last word.
    @Test(arguments: [
        (ChildExit.signaled(SIGABRT), "", MemoryShortage?.none),
        (.signaled(SIGABRT), "Fatal error: failed to allocate 8 bytes of memory\n", .limit),
        (.signaled(SIGILL), "a\nFatal error: failed to allocate 8 bytes of memory\n", .limit),
        (.exited(1), "Fatal error: failed to allocate 8 bytes of memory\n", nil),
    ])
    func memoryThatRanOutIsFoundInTheAttemptsOwnLog(exit: ChildExit, log: String, shortage: MemoryShortage?) throws {
        try prepared { launch, _ in
            #expect(write(launch.child.standardOutput, log, log.utf8.count) == log.utf8.count)
            #expect(launch.shortage(after: exit) == shortage)
        }
        try prepared({ launch, _ in #expect(launch.shortage(after: exit) == nil) }, log: log)
    }
}
