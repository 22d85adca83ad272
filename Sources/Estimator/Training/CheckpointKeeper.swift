import Executor

/// Decides at loop boundaries whether a checkpoint is due, copies the variables and hands them to the writer.
final class CheckpointKeeper {
    /// The executor whose variables are kept.
    let transfer: VariableTransfer
    private let writer: CheckpointWriter
    private let seed: UInt64
    private let startStep: Int
    private let firstBatch: Int
    private var schedule: CheckpointSchedule
    private var savedStep: Int?

    /// A keeper for a run that begins at a step and at a batch of the input.
    init(
        store: CheckpointStore, observer: (any TrainingObserver)?, transfer: VariableTransfer, config: RunConfig,
        startStep: Int, startsFromCheckpoint: Bool, firstBatch: Int
    ) {
        self.transfer = transfer
        writer = CheckpointWriter(store: store, observer: observer)
        seed = config.randomSeed
        self.startStep = startStep
        self.firstBatch = firstBatch
        schedule = CheckpointSchedule(
            interval: CheckpointSchedule.Interval(config), step: startStep, time: MonotonicClock.nanoseconds())
        savedStep = startsFromCheckpoint ? startStep : nil
    }

    /// Keeps what a loop reached, if a checkpoint is due or was asked for.
    func boundary(step: Int, isRequested: Bool) throws {
        if schedule.isDue(step: step, time: MonotonicClock.nanoseconds()) {
            try save(step: step, reason: .interval)
        } else if isRequested, savedStep != step {
            try save(step: step, reason: .request)
        }
    }

    /// Keeps what a run reached, unless it is kept already, and waits until it is on the disk.
    func end(step: Int, reason: CheckpointReason) throws {
        if savedStep != step, step > startStep || reason == .final { try save(step: step, reason: reason) }
        try writer.finish()
    }

    /// Waits for what is being written, whatever becomes of it: the run failed or is to be forgotten.
    func abandon() { try? writer.finish() }

    private func save(step: Int, reason: CheckpointReason) throws {
        let (variables, slots) = try transfer.snapshot()
        try writer.write(
            Checkpoint(
                step: step, variables: variables, slots: slots,
                state: CheckpointState(
                    globalStep: step, consumedBatches: firstBatch + step - startStep, seed: seed)),
            reason: reason)
        savedStep = step
        schedule.taken(step: step, time: MonotonicClock.nanoseconds())
    }
}
