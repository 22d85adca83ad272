import Executor

/// Decides at loop boundaries whether a checkpoint is due, copies the variables and hands them to the writer together
/// with what was reported so far.
final class CheckpointKeeper {
    /// The executor whose variables are kept.
    let transfer: VariableTransfer
    /// What was reported so far.
    var reported: ReportedSeries
    /// What the evaluations so far mean.
    var evaluations: EvaluationHistory
    private let writer: CheckpointWriter
    private let profiler: ProfileRecorder
    private let observer: (any TrainingObserver)?
    private let seed: UInt64
    private let startStep: Int
    private let firstBatch: Int
    private var schedule: CheckpointSchedule
    private var savedStep: Int?
    private let startsFromCheckpoint: Bool

    /// A keeper for a run that begins at a step and at a batch of the input.
    ///
    /// - Parameters:
    ///   - profiler: is told what copying and writing take. Default: nobody is.
    ///   - previous: the checkpoint that the run goes on from; nil: there is none.
    init(
        store: CheckpointStore, observer: (any TrainingObserver)?, transfer: VariableTransfer, config: RunConfig,
        grid: LoopGrid, startStep: Int, previous: Checkpoint?, firstBatch: Int,
        profiler: ProfileRecorder = ProfileRecorder()
    ) {
        self.transfer = transfer
        self.observer = observer
        writer = CheckpointWriter(store: store, observer: observer, profiler: profiler)
        self.profiler = profiler
        seed = config.randomSeed
        self.startStep = startStep
        self.firstBatch = firstBatch
        reported = previous?.state.reported ?? ReportedSeries()
        evaluations = previous?.state.evaluations ?? EvaluationHistory()
        schedule = CheckpointSchedule(
            interval: CheckpointSchedule.Interval(config), grid: grid, time: MonotonicClock.nanoseconds())
        // One that a stop left is written anew where an undisturbed run has one.
        startsFromCheckpoint = previous != nil
        savedStep = previous.map { $0.record?.reason == .stop ? nil : startStep } ?? nil
    }

    /// Whether there is a checkpoint: of this run, or one that it goes on from.
    var hasCheckpoint: Bool { startsFromCheckpoint || savedStep != nil }

    /// Keeps what a loop reached, if a checkpoint is due or was asked for.
    func boundary(step: Int, isRequested: Bool) throws {
        guard savedStep != step else { return }
        if isDue(step) {
            try save(step: step, reason: .interval)
        } else if isRequested {
            try save(step: step, reason: .request)
        }
    }

    /// Keeps what was evaluated as one of the best, unless it is kept already, and says which are the best.
    func keepBest(step: Int) throws {
        if savedStep != step { try save(step: step, reason: .best) }
        // Whoever is told of the best knows all of them.
        try writer.finish()
        tellBest()
    }

    /// Says which checkpoints are the best, if there are any.
    func tellBest() {
        guard !evaluations.kept.isEmpty else { return }
        (observer as? any JobObserver)?.bestCheckpoints(steps: evaluations.kept.map(\.step))
    }

    /// Keeps what a run reached, unless it is kept already, and waits until it is on the disk.
    func end(step: Int, reason: CheckpointReason) throws {
        if savedStep != step, step > startStep || reason == .final {
            try save(step: step, reason: isDueByStep(step) ? .interval : reason)
        }
        try writer.finish()
    }

    /// Waits for what is being written, whatever becomes of it: the run failed or is to be forgotten.
    func abandon() { try? writer.finish() }

    private func isDue(_ step: Int) -> Bool { schedule.isDue(step: step, time: MonotonicClock.nanoseconds()) }

    /// Whether every run has a checkpoint at the end of this loop, which a cut loop's end is not.
    private func isDueByStep(_ step: Int) -> Bool {
        guard case .steps(let every) = schedule.interval else { return false }
        return reported.newestStep(of: ReportedSeries.loss) == step && schedule.grid.crosses(every: every, at: step)
    }

    private func save(step: Int, reason: CheckpointReason) throws {
        let (variables, slots) = try profiler.span(.loop, "copy for checkpoint \(step)") { try transfer.snapshot() }
        try writer.write(
            Checkpoint(
                step: step, variables: variables, slots: slots,
                state: SavedState(
                    globalStep: step, consumedBatches: firstBatch + (step - startStep), seed: seed,
                    reported: reported, evaluations: evaluations)),
            reason: reason)
        savedStep = step
        schedule.taken(time: MonotonicClock.nanoseconds())
    }
}
