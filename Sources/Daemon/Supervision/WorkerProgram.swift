import Glibc

/// The program that workers, checks or exports run.
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

    /// This program itself, as `tpud worker`.
    package static var this: WorkerProgram { this("worker") }

    /// This program itself, as `tpud check`.
    package static var check: WorkerProgram { this("check") }

    /// This program itself, as `tpud export`.
    package static var export: WorkerProgram { this("export") }

    /// The same, which becomes a program that the operator has listed.
    ///
    /// - Parameters:
    ///   - name: What jobs call it.
    ///   - path: Its absolute path; nil where it is not listed any more, which is then said.
    ///   - memoryBytes: Bytes of private memory that it may have; nil where it says itself.
    package func becoming(_ name: String, at path: String?, memoryBytes: Int?) -> WorkerProgram {
        var program = self
        program.arguments += ["--program", name]
        if let path { program.arguments += ["--path", path] }
        if let memoryBytes { program.arguments += ["--memory", "\(memoryBytes)"] }
        return program
    }

    /// This program itself with a subcommand and this process's id, by which the child knows its daemon. When its file
    /// was replaced by an upgrade meanwhile, the kernel still has the old one, which this daemon's frames belong to.
    private static func this(_ subcommand: String) -> WorkerProgram {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let path = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let usable = count > 0 && !path.hasSuffix(" (deleted)")
        return WorkerProgram(
            path: usable ? path : "/proc/self/exe", arguments: [subcommand, "--daemon", "\(getpid())"])
    }
}
