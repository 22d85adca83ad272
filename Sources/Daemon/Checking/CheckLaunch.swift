import Glibc
package import Reactor
import WorkerProtocol

/// Makes what a check process needs before it can run: its socket, and the daemon's own standard error for its last
/// words.
struct CheckLaunch {
    /// The daemon's end of the socket, non-blocking.
    var daemonEnd: Int32
    /// What to start.
    var child: ChildLaunch
    /// How many processes the kernel had killed before this one because memory ran out.
    var killedForMemory: Int

    /// Each check makes thousands of small objects and then frees all of them: glibc's allocator keeps so many of each
    /// size at hand instead of 7 (`glibc.malloc.tcache_count`).
    private static let allocator = ["GLIBC_TUNABLES": "glibc.malloc.tcache_count=1000"]

    /// - Throws: `SystemError` where descriptors are short.
    init(_ program: WorkerProgram) throws(SystemError) {
        var pair: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &pair) == 0 else { throw SystemError(call: "socketpair", code: errno) }
        let output = dup(STDERR_FILENO)
        guard output >= 0 else {
            let code = errno
            for descriptor in pair { SystemCall.close(descriptor) }
            throw SystemError(call: "dup", code: code)
        }
        do throws(SystemError) {
            try SystemCall.setNonBlocking(pair[0])
        } catch {
            for descriptor in pair + [output] { SystemCall.close(descriptor) }
            throw error
        }
        daemonEnd = pair[0]
        child = ChildLaunch(
            executable: program.path, arguments: program.arguments,
            environment: ChildEnvironment.make().merging(Self.allocator) { $1 }, workingDirectory: "/",
            standardInput: pair[1], standardOutput: output)
        killedForMemory = MemoryKills.count()
    }
}

extension CheckFailure {
    /// Why a check has no finding whose process could not be started.
    package init(notStarted error: SystemError) {
        switch error.code {
        case EMFILE, ENFILE, ENOMEM, EAGAIN, ENOBUFS: self = .shortage("\(error)")
        default: self = .notStarted("\(error)")
        }
    }

    /// Why a check has no finding whose process has ended so.
    /// - Parameter wasKilledForMemory: Whether the kernel has killed a process for memory since it was started.
    package init(_ exit: ChildExit, wasKilledForMemory: Bool) {
        switch exit {
        case .exited(CheckExitStatus.exhausted.rawValue): self = .tooMuchMemory
        case .signaled(SIGXCPU): self = .tooMuchTime
        case .signaled(SIGKILL) where wasKilledForMemory: self = .tooMuchMemory
        case .notStarted(let error): self.init(notStarted: error)
        case .exited, .signaled: self = .ended(exit)
        }
    }
}
