/// The content of `state.json`.
///
/// What was reported up to the step belongs to it: a run that continues from the checkpoint reports the same as one that was
/// never stopped, even where the reports of the stopped one were lost.
package struct SavedState: Sendable, Equatable {
    /// The global step after which the checkpoint was taken.
    package var globalStep: Int
    /// How many global batches of the training input were consumed since the job's first record: together with the
    /// input's definition this is the position in the data, whatever the number of hosts.
    package var consumedBatches: Int
    /// The seed that variables, shuffles and dropout were drawn with.
    package var seed: UInt64
    /// What was reported up to the step.
    package var reported: ReportedSeries
    /// What the evaluations up to the step mean.
    package var evaluations: EvaluationHistory

    /// The three numbers and what was reported and evaluated, by default nothing.
    package init(
        globalStep: Int, consumedBatches: Int, seed: UInt64, reported: ReportedSeries = ReportedSeries(),
        evaluations: EvaluationHistory = EvaluationHistory()
    ) {
        self.globalStep = globalStep
        self.consumedBatches = consumedBatches
        self.seed = seed
        self.reported = reported
        self.evaluations = evaluations
    }
}
