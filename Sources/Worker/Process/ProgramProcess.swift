import CLinux
import Glibc
import Jobs
package import WorkerProtocol

/// The process of a program that the operator listed. It begins as `tpud worker`, with all that a worker has: its socket, its log, its
/// folder, its niceness, the signal of its daemon's death. Then it becomes the program, which keeps them.
package enum ProgramProcess {
    /// The variable that tells a program that a daemon runs it.
    package static let variable = "TPUD_WORKER"

    /// Whether this process is one.
    package static var isThis: Bool { getenv(variable) != nil }

    /// Becomes the program.
    ///
    /// - Parameters:
    ///   - path: The program's absolute path.
    ///   - memoryBytes: Bytes of private memory that it may have; nil: it says itself.
    /// - Returns: `errno`, where it can't.
    package static func become(_ path: String, memoryBytes: Int?) -> Int32 {
        setenv(variable, "1", 1)
        if let memoryBytes { MemoryPolicy.limit(to: memoryBytes) }
        // What `execv` does not take over is not needed any more.
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup(path), nil]
        execv(path, &arguments)
        return errno
    }

    /// What a program does first: blocks of memory that are freed are given back, and what it prints goes into the job's log line
    /// by line.
    package static func prepare() {
        MemoryPolicy.givesBackLargeBlocks()
        clinux_print_lines()
    }
}

/// Says of a program that can't be started why.
package struct ProgramRefusal: JobRunner {
    private let message: String

    /// The program is not listed any more.
    ///
    /// - Parameter name: What the job calls it.
    package init(notListed name: String) {
        message =
            "the program \"\(name)\" is not listed any more: the operator lists programs in the daemon's setting programs"
    }

    /// The system refuses to start the program.
    ///
    /// - Parameters:
    ///   - name: What the job calls it.
    ///   - code: `errno`.
    package init(notStarted name: String, code: Int32) {
        message =
            "the program \"\(name)\" can't be started: \(String(cString: strerror(code))); the operator can put that right"
    }

    /// Says so, and nothing else.
    package func run(_ assignment: Assignment, sender: ReportSender, stop: StopRequest) -> OutcomeReport {
        var report = OutcomeReport(
            outcome: .crashed, failure: JobFailure(code: AttemptOutcome.crashed.rawValue, message: message))
        report.tell(sender, assignment)
        return report
    }
}
