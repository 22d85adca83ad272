/// What the evaluations of a job so far mean for its end and for its checkpoints. A checkpoint holds it, so that a run that
/// goes on ends where an undisturbed one does.
package struct EvaluationHistory: Sendable, Equatable {
    /// How many evaluations there were.
    package private(set) var count: Int
    /// How many of them in a row did not better the number that early stopping monitors.
    package private(set) var wait: Int
    /// The best of these numbers, and its step; nil before the first.
    package private(set) var best: ReportedSeries.Point?
    /// The step at which the evaluations ended the training; nil while they have not.
    package private(set) var stoppedAt: Int?
    /// The steps whose checkpoints stay as the best ones, with their numbers, the best first.
    package private(set) var kept: [ReportedSeries.Point]

    /// By default nothing.
    package init(
        count: Int = 0, wait: Int = 0, best: ReportedSeries.Point? = nil, stoppedAt: Int? = nil,
        kept: [ReportedSeries.Point] = []
    ) {
        self.count = count
        self.wait = wait
        self.best = best
        self.stoppedAt = stoppedAt
        self.kept = kept
    }

    /// Whether a checkpoint need not tell of it.
    package var isEmpty: Bool { self == EvaluationHistory() }

    /// Takes an evaluation, as Keras' `EarlyStopping` takes an epoch: the first never ends a training.
    package mutating func add(_ evaluation: ReportedSeries.Evaluation, for rule: EarlyStopping) {
        let value = evaluation.values[rule.monitored.name].flatMap(\.self)
        count += 1
        wait += 1
        if rule.monitored.isBetter(value, than: best?.value, by: rule.minDelta) {
            best = ReportedSeries.Point(step: evaluation.step, value: value)
            wait = 0
        } else if wait >= rule.patience, count > 1 {
            stoppedAt = evaluation.step
        }
    }

    /// Takes an evaluation, as of a step that was not evaluated before.
    ///
    /// - Returns: whether its checkpoint is one of the best, of which the earlier one wins a tie.
    package mutating func add(_ evaluation: ReportedSeries.Evaluation, for rule: BestCheckpoints) -> Bool {
        let value = evaluation.values[rule.monitored.name].flatMap(\.self)
        guard value?.isFinite == true else { return false }
        kept.removeAll { $0.step == evaluation.step }
        let place = kept.firstIndex { rule.monitored.isBetter(value, than: $0.value) } ?? kept.count
        kept.insert(ReportedSeries.Point(step: evaluation.step, value: value), at: place)
        kept = Array(kept.prefix(rule.count))
        return kept.contains { $0.step == evaluation.step }
    }

    /// Why the evaluations ended the training: one sentence; nil while they have not.
    package func reason(_ rule: EarlyStopping) -> String? {
        guard let stoppedAt else { return nil }
        let least = rule.minDelta > 0 ? " by more than \(rule.minDelta)" : ""
        let times = wait == 1 ? "in the last evaluation" : "in the last \(wait) evaluations"
        let name = rule.monitored.name
        guard let best, let value = best.value else {
            return "Stopped early at step \(stoppedAt): \(name) was not finite \(times)."
        }
        let verb = rule.monitored.mode == .max ? "risen above" : "fallen below"
        return
            "Stopped early at step \(stoppedAt): \(name) has not \(verb) \(value), its value at step \(best.step),\(least) "
            + "\(times)."
    }
}
