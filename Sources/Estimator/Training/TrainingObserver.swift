/// Is told how a run goes. Calls come from the thread that trains, in order, between device loops; they should
/// return quickly. Every method does nothing by default.
public protocol TrainingObserver: AnyObject, Sendable {
    /// Training starts (or goes on) at a global step and is to stop at another.
    func trainingStarted(step: Int, target: Int)
    /// A device loop ended.
    func progressed(_ progress: TrainingProgress)
    /// The point of the loss series for a device loop: core 0's loss of the loop's last step. A loop that a stop cut
    /// short has none: the series of a job is the same however often it was stopped.
    func lossRecorded(step: Int, loss: Double)
    /// A checkpoint was written completely and is on the disk.
    func checkpointWritten(_ record: CheckpointRecord)
    /// A checkpoint beyond `keep_checkpoint_max` was removed.
    func checkpointRemoved(step: Int)
    /// A checkpoint differs from what was written and is skipped for an older one; the detail is a sentence without its
    /// full stop.
    func checkpointDamaged(step: Int, detail: String)
    /// An evaluation ended.
    func evaluated(_ result: EvaluationResult)
    /// The run wrote a log line: the loss every few seconds, checkpoints that were skipped, the steps of the infeed.
    func logged(_ level: LogLevel, _ text: String)
}

extension TrainingObserver {
    /// Does nothing.
    public func trainingStarted(step: Int, target: Int) {}
    /// Does nothing.
    public func progressed(_ progress: TrainingProgress) {}
    /// Does nothing.
    public func lossRecorded(step: Int, loss: Double) {}
    /// Does nothing.
    public func checkpointWritten(_ record: CheckpointRecord) {}
    /// Does nothing.
    public func checkpointRemoved(step: Int) {}
    /// Does nothing.
    public func checkpointDamaged(step: Int, detail: String) {}
    /// Does nothing.
    public func evaluated(_ result: EvaluationResult) {}
    /// Does nothing.
    public func logged(_ level: LogLevel, _ text: String) {}
}

/// How far training is after a device loop.
public struct TrainingProgress: Sendable, Equatable {
    /// The global step after the loop.
    public var globalStep: Int
    /// The global step at which training is to stop.
    public var targetStep: Int
    /// Core 0's loss of the loop's last step.
    public var loss: Double
    /// Steps a second over all that a run does, evaluations and checkpoints included, as `ProgressRate` smooths it.
    public var stepsPerSecond: Double
    /// Rows a second over all that a run does: steps times the global batch.
    public var examplesPerSecond: Double
    /// The part of the loop's time that the device waited for input, 0 to 1.
    public var infeedWaitFraction: Double

    /// The numbers after one loop.
    package init(
        globalStep: Int, targetStep: Int, loss: Double, stepsPerSecond: Double, examplesPerSecond: Double,
        infeedWaitFraction: Double
    ) {
        self.globalStep = globalStep
        self.targetStep = targetStep
        self.loss = loss
        self.stepsPerSecond = stepsPerSecond
        self.examplesPerSecond = examplesPerSecond
        self.infeedWaitFraction = infeedWaitFraction
    }
}
