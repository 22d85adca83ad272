import Glibc

/// What the kernel says of this process. To count thousands of descriptors takes milliseconds: not on the reactor.
struct ProcessFigures: Sendable {
    /// Bytes of memory that are really there.
    let residentBytes: Int
    /// Threads of the process.
    let threads: Int
    /// Open descriptors, without the one that counts.
    let descriptors: Int

    /// Those of this moment.
    init() {
        residentBytes = Self.field(1, of: "/proc/self/statm") * Int(sysconf(Int32(_SC_PAGESIZE)))
        threads = Self.entries(of: "/proc/self/task")
        descriptors = max(0, Self.entries(of: "/proc/self/fd") - 1)
    }

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
            // The names are numbers, besides "." and "..".
            if entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) { count += 1 }
        }
        return count
    }
}
