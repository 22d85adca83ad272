import Estimator
import Graph
import OrderedCollections
import Testing

/// What a plain spec is good for: all on the CPU, and training without hooks on the TPU.
@Suite struct WrappedModelFunctionTests {
    private final class Counting: SessionHook {
        var runs = 0
        func afterRun(_ context: SessionRunContext, values: [SessionValue]) { runs += 1 }
    }

    // @unchecked: hooks are made and looked at by the thread that trains.
    private struct Hooks: @unchecked Sendable {
        let chief = Counting()
        let training = Counting()
        let evaluation = Counting()
    }

    private func estimator(
        _ folder: TemporaryFolder, _ hooks: Hooks?, useTPU: Bool, hasEvaluationHook: Bool = false
    ) throws -> TPUEstimator {
        try TPUEstimator(
            modelFunction: DeclaredModelFunction { arguments in
                let x = try #require(arguments.features.only)
                let kernel = arguments.builder.variable("kernel", shape: [6, 1], initializer: .ones)
                let loss = x.matmul(kernel.value).reduceMean()
                let optimizer = CrossShardOptimizer(GradientDescentOptimizer(learningRate: 0.1))
                #expect(arguments.config?.modelDirectory == folder.path)
                return .estimator(
                    EstimatorSpec(
                        mode: try #require(arguments.mode), predictions: ["loss": x], loss: loss,
                        trainOp: try optimizer.minimize(loss),
                        evalMetricOps: EvalMetricOperations(
                            tensors: ["x": x], metrics: ["average": .mean("x")]),
                        trainingChiefHooks: hooks.map { [$0.chief] } ?? [],
                        trainingHooks: hooks.map { [$0.training] } ?? [],
                        evaluationHooks: hasEvaluationHook ? hooks.map { [$0.evaluation] } ?? [] : []))
            },
            config: RunConfig(
                tpuConfig: try TPUConfig(iterationsPerLoop: 2, numShards: 4), modelDirectory: folder.path),
            useTPU: useTPU, trainBatchSize: 8, evalBatchSize: 8, execution: .reference)
    }

    @Test func onTheCPU() throws {
        let (folder, hooks) = (try TemporaryFolder(), Hooks())
        try estimator(folder, hooks, useTPU: false).train(input: SmallModel.array(), steps: 4)
        #expect(hooks.chief.runs == 4 && hooks.training.runs == 4)
        let result = try estimator(folder, hooks, useTPU: false).evaluate(input: SmallModel.array(), steps: 2)
        #expect(Array(result.metrics.keys) == ["average"] && result.steps == 2)
        // One run a batch.
        let again = try estimator(folder, hooks, useTPU: false, hasEvaluationHook: true).evaluate(
            input: SmallModel.array(), steps: 2)
        #expect(hooks.evaluation.runs == 2 && again == result)
    }

    @Test func onTheTPU() throws {
        let folder = try TemporaryFolder()
        #expect(throws: EstimatorError.hooksNotSupported(kind: "training_chief_hooks")) {
            try estimator(folder, Hooks(), useTPU: true).train(input: SmallModel.array(), steps: 4)
        }
        try estimator(folder, nil, useTPU: true).train(input: SmallModel.array(), steps: 4)
        #expect(throws: EstimatorError.notATPUSpec(type: "EstimatorSpec")) {
            try estimator(folder, nil, useTPU: true).evaluate(input: SmallModel.array(), steps: 1)
        }
    }

    /// The estimator's metric function gets its tensors by position, and what is not asked for is refused.
    @Test func metricFunctions() throws {
        let folder = try TemporaryFolder()
        func estimator(_ metrics: @escaping @Sendable (Tensor) throws -> EvalMetrics) throws -> TPUEstimator {
            try TPUEstimator(
                modelFunction: { features, _, mode, _, builder in
                    let x = try #require(features.only)
                    let loss = x.matmul(builder.variable("kernel", shape: [6, 1]).value).reduceMean()
                    let optimizer = CrossShardOptimizer(GradientDescentOptimizer(learningRate: 0.1))
                    return TPUEstimatorSpec(
                        mode: mode, loss: loss, trainOp: mode == .train ? try optimizer.minimize(loss) : nil,
                        evalMetrics: try metrics(x))
                }, config: RunConfig(tpuConfig: try TPUConfig(numShards: 4), modelDirectory: folder.path),
                trainBatchSize: 8, evalBatchSize: 8, execution: .reference)
        }
        let function = MetricFunction(["values", "weights"], optional: ["weights"]) { arguments in
            #expect(!arguments.contains("weights"))
            return ["average": .mean(arguments["values"])]
        }
        try estimator { EvalMetrics(function, ["values": $0]) }.train(input: SmallModel.array(), steps: 1)
        let result = try estimator { EvalMetrics(function, ["values": $0]) }.evaluate(
            input: SmallModel.array(repeats: 1), steps: 6)
        let mean = SmallModel.features.prefix(48 * 6).reduce(0, +) / (48 * 6)
        #expect(abs(try #require(result.metrics["average"]) - Double(mean)) < 1e-5)
        #expect(throws: EstimatorError.metricArgumentNames(missing: ["values"], unexpected: ["other"])) {
            try estimator { EvalMetrics(function, ["other": $0]) }.evaluate(input: SmallModel.array(), steps: 1)
        }
        #expect(throws: EstimatorError.metricArgumentCount(expected: 2, actual: 1)) {
            try estimator { try EvalMetrics(function, [$0]) }.evaluate(input: SmallModel.array(), steps: 1)
        }
    }
}
