/// The evaluations that training runs: at loop boundaries and at the end, on the variables as they are then.
final class TrainingEvaluator {
    private let estimator: TPUEstimator
    private let evaluator: Evaluator
    private let everySteps: Int?
    private let grid: LoopGrid

    /// An evaluator for a run whose loops end where the grid says.
    init(estimator: TPUEstimator, plan: PeriodicEvaluation, grid: LoopGrid) throws {
        self.estimator = estimator
        evaluator = try Evaluator(estimator: estimator, input: plan.input, steps: plan.steps)
        everySteps = plan.everySteps
        self.grid = grid
    }

    /// Evaluates if this boundary is the first at or past a multiple, training goes on, and this step was not evaluated
    /// before.
    func boundary(_ keeper: CheckpointKeeper, step: Int, isLast: Bool) throws {
        guard let everySteps, !isLast, grid.isBoundary(step), grid.crosses(every: everySteps, at: step),
            keeper.reported.evaluation?.step != step
        else { return }
        _ = try evaluate(keeper, step: step)
    }

    /// The evaluation at the end.
    func evaluate(_ keeper: CheckpointKeeper, step: Int) throws -> EvaluationResult {
        let result = try evaluator.evaluate(globalStep: step) {
            try $0.copyVariables(from: keeper.transfer, globalStep: step)
        }
        keeper.reported.add(result.reported)
        estimator.observer?.evaluated(result)
        return result
    }
}
