import Glibc
package import Reactor

/// Makes what a worker process needs before it can run: its socket and its log.
package struct WorkerLaunch: Sendable {
    /// The daemon's end of the socket, non-blocking.
    package var daemonEnd: Int32
    /// What to start.
    package var child: ChildLaunch
    /// How many processes the kernel had killed for want of memory before.
    package var killedForMemory: Int

    /// Makes the model folder, opens the log in it for appending and makes a pair of sockets. Waits for the disk.
    /// - Throws: `SystemError`.
    package static func prepare(program: WorkerProgram, modelDirectory: String) throws(SystemError) -> WorkerLaunch {
        var parents = ""
        for part in modelDirectory.split(separator: "/") {
            parents += "/" + part
            if mkdir(parents, 0o750) != 0 && errno != EEXIST { throw SystemError(call: "mkdir", code: errno) }
        }
        let log = open("\(modelDirectory)/\(JobLog.fileName)", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
        guard log >= 0 else { throw SystemError(call: "open", code: errno) }
        var pair: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &pair) == 0 else {
            let code = errno
            SystemCall.close(log)
            throw SystemError(call: "socketpair", code: code)
        }
        do throws(SystemError) {
            try SystemCall.setNonBlocking(pair[0])
        } catch {
            for descriptor in [log] + pair { SystemCall.close(descriptor) }
            throw error
        }
        return WorkerLaunch(
            daemonEnd: pair[0],
            child: ChildLaunch(
                executable: program.path, arguments: program.arguments, environment: ChildEnvironment.make(),
                workingDirectory: modelDirectory, standardInput: pair[1], standardOutput: log),
            killedForMemory: MemoryKills.count())
    }
}

/// The kernel's count of processes that it killed for want of memory (`oom_kill` of /proc/vmstat).
package enum MemoryKills {
    /// The count now; 0 where it can't be read.
    package static func count() -> Int {
        let descriptor = open("/proc/vmstat", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { SystemCall.close(descriptor) }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while case .bytes(let count)? = try? buffer.withUnsafeMutableBytes({
            // unsafe: the kernel fills the buffer, which lives through the call.
            try SystemCall.read(descriptor, into: $0)
        }) {
            text.append(contentsOf: buffer[..<count])
        }
        return count(in: String(decoding: text, as: UTF8.self))
    }

    /// The count in the text of the file.
    static func count(in text: String) -> Int {
        for line in text.split(separator: "\n") where line.hasPrefix("oom_kill ") {
            return Int(line.dropFirst("oom_kill ".count)) ?? 0
        }
        return 0
    }
}
