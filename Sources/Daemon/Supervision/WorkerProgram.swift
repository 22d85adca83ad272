import Glibc

/// The program that workers run.
package struct WorkerProgram: Sendable {
    /// Its absolute path.
    package var path: String
    /// Its arguments.
    package var arguments: [String]

    /// A program with arguments.
    package init(path: String, arguments: [String]) {
        self.path = path
        self.arguments = arguments
    }

    /// This program itself, as `tpud worker`, with this process's id, by which a worker knows its daemon. When its file was replaced by an upgrade meanwhile, the kernel still has
    /// the old one, which this daemon's frames belong to.
    package static var this: WorkerProgram {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let path = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let usable = count > 0 && !path.hasSuffix(" (deleted)")
        return WorkerProgram(path: usable ? path : "/proc/self/exe", arguments: ["worker", "--daemon", "\(getpid())"])
    }
}
