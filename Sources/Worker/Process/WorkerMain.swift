import CLinux
import Glibc
import Jobs
import WorkerProtocol

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
        let socket = WorkerSocket(socket)
        guard case .frame(.start(let assignment)) = socket.next() else { return .abandoned }
        let sender = ReportSender(socket: socket, epoch: assignment.epoch, log: log)
        let stop = StopRequest()
        // The heartbeat begins before the graph is built: that may take longer than a stall.
        let heartbeat = Heartbeat(interval: assignment.heartbeat) { sender.report(.heartbeat(workSeconds: $0)) }
        BackgroundThread.start(name: "daemon") {
            while true {
                switch socket.next() {
                case .frame(.stop(let intent)): stop.ask(intent)
                case .frame(.checkpoint): stop.askForCheckpoint()
                case .frame(.profile(let steps)): stop.askForProfile(steps: steps)
                case .frame(.start), .end, .malformed: return abandoned()
                }
            }
        }
        let outcome = runner.run(assignment, sender: sender, stop: stop)
        heartbeat.stop()
        sender.report(.outcome(outcome))
        return .done
    }
}
