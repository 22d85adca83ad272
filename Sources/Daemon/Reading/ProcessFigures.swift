import Glibc

/// What the kernel says of this process. The files are the kernel's memory: reading them waits for nothing.
enum ProcessFigures {
    /// Bytes of memory that are really there.
    static var residentBytes: Int {
        field(1, of: "/proc/self/statm") * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// Threads.
    static var threads: Int { entries(of: "/proc/self/task") }

    /// Open descriptors, without the one that counts.
    static var descriptors: Int { max(0, entries(of: "/proc/self/fd") - 1) }

    private static func field(_ index: Int, of path: String) -> Int {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = read(descriptor, &buffer, buffer.count)
        let fields = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self).split(separator: " ")
        return index < fields.count ? Int(fields[index]) ?? 0 : 0
    }

    private static func entries(of path: String) -> Int {
        guard let folder = opendir(path) else { return 0 }
        defer { closedir(folder) }
        var count = 0
        while let entry = readdir(folder) {
            // unsafe: the kernel ends the name with a NUL byte.
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: UInt8.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { count += 1 }
        }
        return count
    }
}
