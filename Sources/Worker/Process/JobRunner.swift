package import WorkerProtocol

/// What does the work of an assignment. The real one is ``TrainingRunner``; tests bring their own.
package protocol JobRunner: Sendable {
    /// Does all of it on the calling thread and says how it ended; never throws, never returns early without an outcome.
    func run(_ assignment: Assignment, sender: ReportSender, stop: StopRequest) -> OutcomeReport
}
