/// An observer of a job's attempts: one that keeps the job's series across runs.
package protocol JobObserver: TrainingObserver {
    /// Right after the start: training goes on from this checkpoint, up to which this was reported. An observer that
    /// missed it then, as its process ended too early, adds it now.
    func trainingContinued(from checkpoint: CheckpointRecord, reported: ReportedSeries)
    /// These checkpoints stay as the best ones, the best first, and no others that did; all of them were told of.
    func bestCheckpoints(steps: [Int])
    /// The steps that a profile was asked for were traced, or as many of them as the training had.
    func profiled(_ profile: RunProfile)
}
