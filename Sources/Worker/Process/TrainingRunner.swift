import Jobs

/// Runs an assignment with the estimator.
package struct TrainingRunner: JobRunner {
    /// There is nothing to choose.
    package init() {}

    /// Builds the model, trains or evaluates it, and says how that went.
    package func run(_ assignment: Assignment, voice: WorkerVoice, stop: StopRequest) -> OutcomeReport {
        OutcomeReport(
            outcome: .userError, failure: .init(code: "NOT_SUPPORTED", message: "this build can't train"))
    }
}
