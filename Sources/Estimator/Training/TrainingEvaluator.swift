import Executor

/// The evaluations that training runs: at loop boundaries and at the end, on the variables as they are then.
final class TrainingEvaluator {
    private let estimator: TPUEstimator
    private let evaluator: Evaluator
    private let spec: EvalSpec
    private let grid: LoopGrid
    private let now: () -> UInt64
    /// When the last evaluation began, in nanoseconds; nil: there was none.
    private var lastBegan: UInt64?
    private var last: EvaluationResult?

    /// An evaluator for a run whose loops end where the grid says.
    ///
    /// - Parameter now: the time in nanoseconds. Default: the monotonic clock's.
    init(
        estimator: TPUEstimator, spec: EvalSpec, grid: LoopGrid,
        now: @escaping () -> UInt64 = MonotonicClock.nanoseconds
    ) throws {
        self.estimator = estimator
        evaluator = try Evaluator(estimator: estimator, spec: spec)
        self.spec = spec
        self.grid = grid
        self.now = now
    }

    /// Evaluates if this boundary is the first at or past a multiple, training goes on, this step was not evaluated
    /// before, and the last evaluation began long enough ago.
    func boundary(_ keeper: CheckpointKeeper, step: Int, isLast: Bool) throws {
        guard let everySteps = spec.everySteps, !isLast, grid.isBoundary(step),
            grid.crosses(every: everySteps, at: step), keeper.reported.evaluation?.step != step, !isThrottled
        else { return }
        _ = try evaluate(keeper, step: step)
    }

    private var isThrottled: Bool {
        guard let lastBegan else { return false }
        return Double(now() - lastBegan) / 1e9 < Double(spec.throttleSeconds)
    }

    private func evaluate(_ keeper: CheckpointKeeper, step: Int) throws -> EvaluationResult {
        lastBegan = now()
        let result = try estimator.profiler.span(.loop, "evaluation at step \(step)") {
            try evaluator.evaluate(globalStep: step) {
                try $0.copyVariables(from: keeper.transfer, globalStep: step)
            }
        }
        keeper.reported.add(result.reported)
        estimator.observer?.evaluated(result)
        last = result
        if let rule = spec.earlyStopping { keeper.evaluations.add(result.reported, for: rule) }
        if let rule = spec.bestCheckpoints, keeper.evaluations.add(result.reported, for: rule) {
            try keeper.keepBest(step: step)
        }
        return result
    }

    /// The evaluation at the end: that of this step if this run made one already, as its evaluations or the input's end may end
    /// it behind one.
    func evaluateAtEnd(_ keeper: CheckpointKeeper, step: Int) throws -> EvaluationResult {
        if let last, last.globalStep == step { return last }
        return try evaluate(keeper, step: step)
    }

    /// Why the evaluations end the training; nil while they don't.
    func earlyEnd(_ keeper: CheckpointKeeper) -> String? { spec.earlyStopping.flatMap(keeper.evaluations.reason) }
}
