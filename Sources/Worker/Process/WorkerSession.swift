package import WorkerProtocol

/// What a worker process and the daemon say to each other about one attempt: from the assignment to the outcome.
package final class WorkerSession: Sendable {
    /// What is to be done.
    package let assignment: Assignment
    /// How the job speaks to the daemon.
    package let sender: ReportSender
    /// What the daemon asks of the job.
    package let stop = StopRequest()
    private let heartbeat: Heartbeat

    /// Waits for the assignment; nil when the daemon goes away before that, or speaks nonsense. The heartbeat begins at once: making
    /// the graph may take longer than a stall.
    ///
    /// - Parameters:
    ///   - socket: The descriptor of the socket to the daemon.
    ///   - log: The descriptor that takes the job's log.
    ///   - abandoned: Called, on another thread, when the daemon is gone.
    package init?(socket: Int32, log: Int32, abandoned: @escaping @Sendable () -> Void) {
        let socket = WorkerSocket(socket)
        guard case .frame(.start(let assignment)) = socket.next() else { return nil }
        let sender = ReportSender(socket: socket, epoch: assignment.epoch, log: log)
        self.assignment = assignment
        self.sender = sender
        heartbeat = Heartbeat(interval: assignment.heartbeat) { sender.report(.heartbeat(workSeconds: $0)) }
        BackgroundThread.start(name: "daemon") { [stop] in
            while true {
                switch socket.next() {
                case .frame(.stop(let intent)): stop.ask(intent)
                case .frame(.checkpoint): stop.askForCheckpoint()
                case .frame(.profile(let steps)): stop.askForProfile(steps: steps)
                case .frame(.start), .end, .malformed: return abandoned()
                }
            }
        }
    }

    /// Says how it ended: nothing follows.
    package func end(_ outcome: OutcomeReport) {
        heartbeat.stop()
        sender.report(.outcome(outcome))
    }
}
