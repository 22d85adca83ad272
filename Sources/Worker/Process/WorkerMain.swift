import CLinux
import Glibc

/// The life of a worker process (`tpud worker`): its assignment in, the work, its outcome out.
package enum WorkerMain {
    /// What the process exits with.
    package enum ExitStatus: Int32, Sendable {
        /// The outcome was sent.
        case done = 0
        /// The daemon went away before that, or spoke nonsense.
        case abandoned = 3
    }

    /// Asks the kernel to kill this process when the daemon ends. Also where the socket's end is not seen, as in a
    /// process that is stopped or hangs.
    ///
    /// The signal comes when the thread ends that started this process: swift-subprocess starts all of them from one
    /// thread that lives as long as the daemon.
    ///
    /// - Parameter daemon: The daemon's process id: 1 where it is a container's first process.
    package static func dieWithParent(_ daemon: Int32) {
        _ = clinux_set_parent_death_signal(SIGKILL)
        // The parent may have gone before the call above; then nobody would ever send the signal.
        if getppid() != daemon { _exit(ExitStatus.abandoned.rawValue) }
    }

    /// Lets this process step back behind the daemon's own thread, which has little to do at a time but must do it at once.
    /// Where nothing else wants the processors, that costs nothing.
    package static func stepBack() { _ = clinux_step_back(5) }

    /// Runs the assignment that comes over the socket.
    /// - Parameters:
    ///   - socket: The descriptor of the socket to the daemon: 0 in a real worker.
    ///   - log: The descriptor that takes the job's log: 1 in a real worker.
    ///   - abandoned: Called, on another thread, when the daemon is gone: a real worker leaves at once.
    package static func run(
        socket: Int32, log: Int32, runner: some JobRunner, abandoned: @escaping @Sendable () -> Void
    ) -> ExitStatus {
        guard let session = WorkerSession(socket: socket, log: log, abandoned: abandoned) else { return .abandoned }
        session.end(runner.run(session.assignment, sender: session.sender, stop: session.stop))
        return .done
    }
}
