import Glibc
package import Reactor
import Store

/// Makes what a worker process needs before it can run: its socket and its log.
package struct WorkerLaunch: Sendable {
    /// The daemon's end of the socket, non-blocking.
    package var daemonEnd: Int32
    /// What to start.
    package var child: ChildLaunch
    /// How many processes the kernel had killed before this one because memory ran out.
    package var killedForMemory: Int
    /// The job's log, and where this attempt's part of it begins.
    package var log: (path: String, start: Int)

    /// Makes the model folder, opens the log in it for appending and makes a pair of sockets. Waits for the disk.
    /// - Throws: `SystemError`.
    package static func prepare(program: WorkerProgram, modelDirectory: String) throws(SystemError) -> WorkerLaunch {
        do throws(StoreError) {
            try DurableFolder.make(modelDirectory)
        } catch {
            guard case .folder(let call, let code) = error else { throw SystemError(call: "mkdir", code: EIO) }
            throw SystemError(call: call, code: code)
        }
        let path = "\(modelDirectory)/\(JobLog.fileName)"
        let log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
        guard log >= 0 else { throw SystemError(call: "open", code: errno) }
        var status = stat()
        let start = fstat(log, &status) == 0 ? Int(status.st_size) : 0
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
            killedForMemory: MemoryKills.count(), log: (path, start))
    }

    /// What is known of the memory of a worker that has ended so. Waits for the disk.
    package func shortage(after exit: ChildExit) -> MemoryShortage? {
        switch exit {
        case .signaled(9): MemoryKills.count() > killedForMemory ? .machine : nil
        case .signaled: MemoryKills.refusal(in: log.path, from: log.start) ? .limit : nil
        case .exited, .notStarted: nil
        }
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

    /// Whether the end of a log says that an allocation was refused: the runtimes of Swift and C++ and the executor's own memory
    /// write that as a line of its own before the process ends.
    static func refusal(in path: String, from start: Int) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { SystemCall.close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        let offset = max(start, Int(status.st_size) - 1 << 16)
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        // unsafe: the kernel fills the buffer, which lives through the call.
        let count = buffer.withUnsafeMutableBytes { try? SystemCall.read(descriptor, at: Int64(offset), into: $0) }
        return saysRefusal(String(decoding: buffer.prefix(count ?? 0), as: UTF8.self))
    }

    /// Whether a log has such a line.
    package static func saysRefusal(_ log: String) -> Bool {
        log.split(separator: "\n").contains { line in
            line.prefixMatch(of: #/(\S+\.swift:\d+: )?Fatal error: failed to allocate /#) != nil
                || line.hasPrefix("terminate called") && line.contains("bad_alloc")
        }
    }

    /// The count in the text of the file.
    package static func count(in text: String) -> Int {
        for line in text.split(separator: "\n") where line.hasPrefix("oom_kill ") {
            return Int(line.dropFirst("oom_kill ".count)) ?? 0
        }
        return 0
    }
}
