/// The evaluations that training runs: at loop boundaries and at the end, on the variables as they are then.
final class TrainingEvaluator {
    private let estimator: TPUEstimator
    private let evaluator: Evaluator
    private let everySteps: Int?
    private var lastStep: Int

    /// An evaluator for a run that begins at a step.
    init(estimator: TPUEstimator, plan: PeriodicEvaluation, step: Int) throws {
        self.estimator = estimator
        evaluator = try Evaluator(estimator: estimator, input: plan.input, steps: plan.steps)
        everySteps = plan.everySteps
        lastStep = step
    }

    /// Evaluates if this boundary is the first at or past a multiple and training goes on.
    func boundary(_ training: VariableTransfer, step: Int, isLast: Bool) throws {
        guard let everySteps, !isLast, step / everySteps > lastStep / everySteps else { return }
        _ = try evaluate(training, step: step)
    }

    /// The evaluation at the end.
    func evaluate(_ training: VariableTransfer, step: Int) throws -> EvaluationResult {
        lastStep = step
        let result = try evaluator.evaluate(globalStep: step) {
            try $0.copyVariables(from: training, globalStep: step)
        }
        estimator.observer?.evaluated(result)
        return result
    }
}
