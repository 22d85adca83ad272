import Glibc
import Synchronization

/// Reaps what falls to the daemon as process 1 of a container without an init: processes whose parent has ended get it
/// as their parent, and stay as zombies until somebody asks how they ended.
package final class OrphanReaper: Sendable {
    private let seen = Mutex<Set<Int32>>([])

    /// Nothing was seen yet.
    package init() {}

    /// Takes the zombies that are children of this process and says which of them are to be reaped: those that were
    /// there the last time already. The daemon's own children are reaped by those who started them, at once.
    package func look(at zombies: Set<Int32>) -> Set<Int32> {
        seen.withLock { seen in
            defer { seen = zombies }
            return zombies.intersection(seen)
        }
    }

    /// Looks for zombies and reaps those that nobody else did; how many. Waits for `/proc`.
    package func sweep() -> Int {
        var reaped = 0
        for process in look(at: Self.zombies(of: getpid())) where waitpid(process, nil, WNOHANG) == process {
            reaped += 1
        }
        return reaped
    }

    /// The children of a process that have ended and were not reaped.
    package static func zombies(of parent: Int32) -> Set<Int32> {
        guard let folder = opendir("/proc") else { return [] }
        defer { closedir(folder) }
        var found: Set<Int32> = []
        while let entry = readdir(folder) {
            // unsafe: the name is a string of C inside the entry, which lives until the next call.
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard let process = Int32(name), isZombie(stat(of: process), of: parent) else { continue }
            found.insert(process)
        }
        return found
    }

    /// Whether the text of a `/proc/PID/stat` is that of a zombie with this parent.
    package static func isZombie(_ stat: String, of parent: Int32) -> Bool {
        // The program's name is in parentheses and may have any characters.
        guard let end = stat.lastIndex(of: ")") else { return false }
        let fields = stat[end...].dropFirst(2).split(separator: " ")
        return fields.count > 1 && fields[0] == "Z" && fields[1] == "\(parent)"
    }

    private static func stat(of process: Int32) -> String {
        let descriptor = open("/proc/\(process)/stat", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}
