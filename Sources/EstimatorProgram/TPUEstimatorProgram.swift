public import Estimator
import Glibc
package import Worker
import WorkerProtocol

/// A program that the daemon runs in place of a model: its main is one call of ``run(_:)``.
public enum TPUEstimatorProgram {
    /// Reads what the daemon assigns, does the work, tells how it goes, and ends the process.
    ///
    /// The daemon starts the program for each attempt of a job that names it, under the limits of a worker; what the context's
    /// estimators do is reported by themselves. When the closure returns, the job has succeeded; what it throws ends the job as
    /// USER_ERROR, or as what the estimator's own errors mean. Where no daemon has started it, the program says so and ends with
    /// status 2.
    ///
    /// - Parameter body: Does the work. It gets the job's `params`, and what else the job says.
    public static func run(_ body: (ModelParameters, ProgramContext) async throws -> Void) async -> Never {
        guard ProgramProcess.isThis else {
            byHand.withCString { words in _ = write(STDERR_FILENO, words, strlen(words)) }
            exit(2)
        }
        ProgramProcess.prepare()
        let status = await run(
            socket: STDIN_FILENO, log: STDOUT_FILENO, limitMemory: { MemoryPolicy.limit(to: $0) },
            abandoned: {
                // The daemon is gone: nothing that this process still did could be told to anybody.
                _exit(WorkerMain.ExitStatus.abandoned.rawValue)
            }, body)
        fflush(nil)
        // No destructors: threads of the job may still be there.
        _exit(status.rawValue)
    }

    private static let byHand = """
        This program is run by tpud: list it in the daemon's setting programs, as {name: /path/of/the/program}, and submit a job with
        "program": {"name": "name"}. docs/estimator.md has an example.

        """

    /// The same over any descriptors, in a process that goes on.
    ///
    /// - Parameters:
    ///   - socket: The descriptor of the socket to the daemon.
    ///   - log: The descriptor that takes the job's log.
    ///   - patience: Seconds to wait for the model folder. Default 10.
    ///   - limitMemory: Limits this process's private memory to so many bytes.
    ///   - abandoned: Called, on another thread, when the daemon is gone.
    package static func run(
        socket: Int32, log: Int32, patience: Double = 10, limitMemory: @escaping @Sendable (Int) -> Void,
        abandoned: @escaping @Sendable () -> Void, _ body: (ModelParameters, ProgramContext) async throws -> Void
    ) async -> WorkerMain.ExitStatus {
        guard let session = WorkerSession(socket: socket, log: log, abandoned: abandoned) else { return .abandoned }
        let observer = FrameObserver(sender: session.sender, session.assignment)
        var report: OutcomeReport
        do {
            let prepared = try PreparedAttempt(session.assignment, patience: patience, limitMemory: limitMemory)
            let context = try ProgramContext(session, prepared, observer)
            report = await context.report(body)
        } catch {
            report = OutcomeReport(of: error, session.stop.intent)
        }
        observer.flush()
        report.tell(session.sender, session.assignment)
        session.end(report)
        return .done
    }
}
