import Estimator
import Formats
import Graph
import OrderedCollections
import Testing

/// A device loop whose every step has a given loss on every shard: the input's rows are the losses, one row a shard.
struct LossRun {
    /// What came of it.
    struct Outcome {
        let loss: Double
        let trainings: Int
        let enqueues: Int
        let evalStepAdded: Int?
    }

    private let iterations: Int
    private let log = TraceLog()
    private let folder: TemporaryFolder
    private let input: SeedInput
    private let estimator: TPUEstimator

    init(_ losses: [[Float]], iterations: Int) throws {
        self.iterations = iterations
        folder = try TemporaryFolder()
        var execution = ExecutionOptions.reference
        execution.tracer = log.tracer
        input = SeedInput(batches: max(1, iterations)) { step in losses.map { $0.indices.contains(step) ? $0[step] : 0 }
        }
        estimator = try TPUEstimator(
            declared: DeclaredModelFunction { arguments in
                let loss =
                    arguments.features.elements[0].reduceMean() + arguments.builder.variable("w", initializer: .zeros)
                    .value * 0
                let optimizer = CrossShardOptimizer(GradientDescentOptimizer(learningRate: 0.1))
                return .tpuEstimator(
                    TPUEstimatorSpec(
                        mode: try #require(arguments.mode), loss: loss, trainOp: try optimizer.minimize(loss),
                        evalMetrics: EvalMetrics(tensors: [:], metrics: [])))
            },
            config: RunConfig(
                tpuConfig: try TPUConfig(iterationsPerLoop: max(1, iterations), numShards: losses.count),
                modelDirectory: folder.path), params: ModelParameters(), useTPU: true, trainBatchSize: losses.count,
            evalBatchSize: losses.count, execution: execution,
            startingPoint: StartingPoint(variables: ["w": NDArray([Float(0)], shape: [])]))
    }

    func train() throws -> Outcome {
        let hook = FirstLoop(iterations: iterations)
        try estimator.train(input: input.function(), steps: max(1, iterations), hooks: [hook])
        return Outcome(
            loss: try #require(hook.loss), trainings: try #require(hook.globalStep), enqueues: 0, evalStepAdded: nil)
    }

    func evaluate() throws -> Outcome {
        guard iterations > 0 else {
            // No evaluation asks for no step: what one counts and reports then.
            let variables = SessionVariables()
            variables.assign(0, to: .evalStep)
            variables.assign(0, to: .iterationsPerLoop)
            try variables.countEvaluationRun()
            let result = EvaluationTotals(metrics: []).result(globalStep: 0)
            return Outcome(
                loss: result.loss, trainings: result.globalStep, enqueues: result.steps,
                evalStepAdded: Int(try variables.value(of: .evalStep)) - 1)
        }
        let result = try estimator.evaluate(input: input.function(), steps: iterations)
        // One run of the loop: the framework counts one, the increment what is left of the loaded iterations.
        let loaded = try #require(log.loaded(.iterationsPerLoop).first)
        return Outcome(
            loss: result.loss, trainings: result.globalStep, enqueues: result.steps, evalStepAdded: Int(loaded) - 1)
    }

    /// Has the first loop run so many steps, and keeps what it left.
    private final class FirstLoop: SessionHook {
        private let iterations: Int
        private(set) var loss: Double?
        private(set) var globalStep: Int?

        init(iterations: Int) { self.iterations = iterations }

        func beforeRun(_ context: SessionRunContext) throws -> [SessionOperation] {
            if loss == nil { context.session.variables.load(Int64(iterations), into: .iterationsPerLoop) }
            return [.loss, .globalStep]
        }

        func afterRun(_ context: SessionRunContext, values: [SessionValue]) throws {
            guard loss == nil, case .real(let loss) = values[0], case .integer(let step) = values[1] else { return }
            self.loss = loss
            globalStep = Int(step)
        }
    }
}
