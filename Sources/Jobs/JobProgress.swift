/// How far a job is (`progress`), as its worker says and its owner reads.
package struct JobProgress: Hashable, Sendable {
    /// Steps done since the first record, over all attempts.
    package var globalStep: Int
    /// The step to stop at; nil when the input's end decides.
    package var targetStep: Int?
    /// Core 0's loss of the last step; nil when it is not finite or there is none.
    package var loss: Double?
    /// Steps in a second over the last loops; nil before the first.
    package var stepsPerSecond: Double?
    /// Examples in a second over the last loops; nil before the first.
    package var examplesPerSecond: Double?
    /// The part of the time that the device waited for input, 0 to 1.
    package var infeedWaitFraction: Double?
    /// Seconds to the target at that speed; nil when unknown.
    package var etaSeconds: Double?

    /// Makes a progress; what is not given is nil.
    package init(
        globalStep: Int, targetStep: Int? = nil, loss: Double? = nil, stepsPerSecond: Double? = nil,
        examplesPerSecond: Double? = nil, infeedWaitFraction: Double? = nil, etaSeconds: Double? = nil
    ) {
        self.globalStep = globalStep
        self.targetStep = targetStep
        self.loss = loss
        self.stepsPerSecond = stepsPerSecond
        self.examplesPerSecond = examplesPerSecond
        self.infeedWaitFraction = infeedWaitFraction
        self.etaSeconds = etaSeconds
    }
}
