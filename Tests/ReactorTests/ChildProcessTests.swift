import Glibc
import Reactor
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct ChildProcessTests {
    private func launch(_ program: String, _ arguments: [String] = [], output: CInt? = nil) -> ChildLaunch {
        ChildLaunch(
            executable: program, arguments: arguments, environment: ["WORD": "given"], workingDirectory: "/",
            standardInput: open("/dev/null", O_RDONLY | O_CLOEXEC),
            standardOutput: output ?? open("/dev/null", O_WRONLY | O_CLOEXEC))
    }

    @Test(
        arguments: [
            ("exit 0", .exited(0)), ("exit 3", .exited(3)), ("kill -9 $$", .signaled(SIGKILL)),
            ("kill -15 $$", .signaled(SIGTERM)),
        ] as [(String, ChildExit)])
    func tellsHowItEnded(script: String, exit: ChildExit) async {
        let child = ChildProcess(launch("/bin/sh", ["-c", script])) { _ in }
        #expect(await child.exit == exit)
    }

    @Test func whatIsNotThereIsNotStarted() async {
        let child = ChildProcess(launch("/nothing/here")) { _ in Issue.record("it was started") }
        #expect(await child.exit == .notStarted(SystemError(call: "start of the process", code: ENOENT)))
    }

    @Test func itHasItsEnvironmentFolderAndGroupAlone() async throws {
        let (ours, theirs) = try socketPair()
        defer { close(ours) }
        let group = Atomic(0)
        let script = "echo $WORD ${HOME-none} $PWD"
        let child = ChildProcess(launch("/bin/sh", ["-c", script], output: theirs)) {
            group.store(Int(getpgid($0) == $0 ? 1 : 2), ordering: .relaxed)
        }
        #expect(await child.exit == .exited(0))
        #expect(group.load(ordering: .relaxed) == 1)
        var buffer = [UInt8](repeating: 0, count: 100)
        let count = read(ours, &buffer, buffer.count)
        #expect(String(decoding: buffer.prefix(max(0, count)), as: UTF8.self) == "given none /\n")
    }

    @Test func killingEndsItsWholeGroup() async throws {
        let (ours, theirs) = try socketPair()
        defer { close(ours) }
        // The shell's own child holds the socket, too: its end is the end of both.
        let (started, sink) = AsyncStream<Int32>.makeStream()
        let child = ChildProcess(launch("/bin/sh", ["-c", "sleep 1000 & sleep 1000"], output: theirs)) {
            sink.yield($0)
        }
        var iterator = started.makeAsyncIterator()
        #expect(await iterator.next() ?? 0 > 0)
        child.kill()
        child.kill()
        #expect(await child.exit == .signaled(SIGKILL))
        var end = pollfd(fd: ours, events: Int16(POLLIN), revents: 0)
        #expect(poll(&end, 1, 10_000) == 1)
        var byte: UInt8 = 0
        #expect(read(ours, &byte, 1) == 0)
    }
}
