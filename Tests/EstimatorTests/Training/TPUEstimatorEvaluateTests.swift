import Estimator
import Formats
import Glibc
import Graph
import OrderedCollections
import Synchronization
import Testing

@Suite struct TPUEstimatorEvaluateTests {
    /// Trained for a few steps, and what a softmax regression of these variables gives on a row.
    private func trained(_ model: SmallModel) throws -> (TemporaryFolder, [(loss: Double, isRight: Bool)]) {
        let folder = try TemporaryFolder()
        try model.estimator(folder).train(input: SmallModel.array(), steps: 8)
        let checkpoint = try #require(try CheckpointStore(modelDirectory: folder.path).latestGood())
        func values(_ name: String) throws -> [Float] {
            try #require(checkpoint.variables.first { $0.name == name }).array.elements(as: Float.self)
        }
        let (kernel, bias) = (try values("dense/kernel"), try values("dense/bias"))
        return (
            folder,
            (0..<SmallModel.rows).map { row in
                let logits = (0..<3).map { c in
                    (0..<6).reduce(Double(bias[c])) {
                        $0 + Double(SmallModel.features[row * 6 + $1]) * Double(kernel[$1 * 3 + c])
                    }
                }
                let label = Int(SmallModel.classes[row])
                let largest = logits.indices.max { logits[$0] < logits[$1] }
                return (log(logits.map(exp).reduce(0, +)) - logits[label], largest == label)
            }
        )
    }

    private func mean(_ values: some Collection<Double>) -> Double { values.reduce(0, +) / Double(values.count) }

    @Test(arguments: ExecutorUnderTest.all) func onTheTPU(under: ExecutorUnderTest) throws {
        let model = SmallModel(shards: 4, under: under)
        let (folder, rows) = try trained(model)
        let record = Record()
        let result = try model.estimator(folder, record).evaluate(input: SmallModel.array(repeats: 1), steps: 6)
        #expect(result.globalStep == 8 && result.steps == 6 && result.rows == 48)
        // Core 0 has the first two rows of every batch of eight.
        let ofCoreZero = (0..<6).flatMap { [rows[$0 * 8].loss, rows[$0 * 8 + 1].loss] }
        #expect(abs(result.loss - mean(ofCoreZero)) < 1e-5)
        #expect(abs(result.rowMeanLoss - mean(rows.prefix(48).map(\.loss))) < 1e-5)
        #expect(result.metrics["accuracy"] == Double(rows.prefix(48).count { $0.isRight }) / 48)
        #expect(record.seen.evaluations == [result])
    }

    @Test(arguments: ExecutorUnderTest.all) func onTheCPU(under: ExecutorUnderTest) throws {
        let (folder, rows) = try trained(SmallModel(under: under))
        var model = SmallModel(under: under)
        model.useTPU = false
        model.evalBatchSize = 16
        let result = try model.estimator(folder).evaluate(input: SmallModel.array(repeats: 1))
        #expect(result.steps == 4 && result.rows == 50)
        let batches = [0..<16, 16..<32, 32..<48, 48..<50].map { mean(rows[$0].map(\.loss)) }
        #expect(abs(result.loss - mean(batches)) < 1e-5)
        #expect(abs(result.rowMeanLoss - mean(rows.map(\.loss))) < 1e-5)
        #expect(result.metrics["accuracy"] == Double(rows.count { $0.isRight }) / 50)
        // Fewer steps than there are batches; more than there are is a proper end on the CPU.
        #expect(try model.estimator(folder).evaluate(input: SmallModel.array(repeats: 1), steps: 2).rows == 32)
        #expect(try model.estimator(folder).evaluate(input: SmallModel.array(repeats: 1), steps: 9).rows == 50)
    }

    @Test func tpuNeedsEnoughFullBatches() throws {
        let model = SmallModel()
        let (folder, _) = try trained(model)
        #expect(throws: EstimatorError.evalStepsMissing) {
            try model.estimator(folder).evaluate(input: SmallModel.array(repeats: 1))
        }
        #expect(
            throws: TrainingError.inputExhausted(
                InputExhaustion(rows: 50, batchSize: 8, stepsDone: 6, stepsAsked: 7))
        ) { try model.estimator(folder).evaluate(input: SmallModel.array(repeats: 1), steps: 7) }
    }

    @Test(arguments: [true, false]) func needsVariables(useTPU: Bool) throws {
        var model = SmallModel()
        model.useTPU = useTPU
        #expect(throws: TrainingError.noCheckpoint) {
            try model.estimator(try TemporaryFolder()).evaluate(input: SmallModel.array(), steps: 1)
        }
        model.startingPoint = StartingPoint(
            variables: [
                "dense/kernel": NDArray(zeros: .float32, shape: [6, 3]), "dense/bias": NDArray([Float(0), 0, 0]),
            ],
            globalStep: 12)
        let result = try model.estimator(try TemporaryFolder()).evaluate(input: SmallModel.array(), steps: 1)
        #expect(abs(result.loss - log(3)) < 1e-6)
        #expect(result.globalStep == 12)
    }

    /// A metric that can't be made of what is sent ends the evaluation; nobody waits for the outfeed.
    @Test func metricFails() throws {
        let (folder, _) = try trained(SmallModel())
        let base = SmallModel().modelFunction
        let estimator = try TPUEstimator(
            modelFunction: { features, labels, mode, params, builder in
                var spec = try base(features, labels, mode, params, builder)
                spec.evalMetrics = EvalMetrics(
                    tensors: ["labels": try #require(labels?.only), "logits": try #require(features.only)],
                    metrics: [.meanSquaredError(labels: "labels", predictions: "logits")])
                return spec
            }, config: RunConfig(modelDirectory: folder.path), params: ModelParameters(["classes": .int(3)]),
            trainBatchSize: 16, evalBatchSize: 8, execution: .reference)
        let error = #expect(throws: TrainingError.self) {
            try estimator.evaluate(input: SmallModel.array(), steps: 40)
        }
        #expect(error?.description.contains("metric mse") == true)
    }

    @Test func scalarsAndMissingMetricsAreRefused() throws {
        let (folder, _) = try trained(SmallModel())
        let base = SmallModel().modelFunction
        func estimator(_ change: @escaping @Sendable (inout TPUEstimatorSpec) -> Void) throws -> TPUEstimator {
            try TPUEstimator(
                modelFunction: { features, labels, mode, params, builder in
                    var spec = try base(features, labels, mode, params, builder)
                    change(&spec)
                    return spec
                }, config: RunConfig(modelDirectory: folder.path), params: ModelParameters(["classes": .int(3)]),
                trainBatchSize: 16, evalBatchSize: 8, execution: .reference)
        }
        #expect(throws: EstimatorError.evalMetricsMissing) {
            try estimator { $0.evalMetrics = nil }.evaluate(input: SmallModel.array(), steps: 1)
        }
        #expect(throws: EstimatorError.outfeedScalar("loss")) {
            try estimator { spec in
                spec.evalMetrics = spec.loss.map { EvalMetrics(tensors: ["loss": $0], metrics: []) }
            }.evaluate(input: SmallModel.array(), steps: 1)
        }
        // No metrics at all are fine when they are stated.
        let result = try estimator { $0.evalMetrics = EvalMetrics(tensors: [:], metrics: []) }
            .evaluate(input: SmallModel.array(), steps: 3)
        #expect(result.metrics.isEmpty && result.steps == 3)
    }

    /// A loss that is not finite is a result.
    @Test(arguments: ExecutorUnderTest.all, [true, false])
    func notFinite(under: ExecutorUnderTest, useTPU: Bool) throws {
        var features = SmallModel.features
        features[0] = .nan
        var model = SmallModel(under: under)
        let (folder, _) = try trained(model)
        model.useTPU = useTPU
        let result = try model.estimator(folder).evaluate(
            input: SmallModel.array(repeats: 1, features: features), steps: 3)
        #expect(result.rowMeanLoss.isNaN && result.steps == 3 && result.rows == 24)
    }

    @Test func duringTraining() throws {
        let folder = try TemporaryFolder()
        let record = Record()
        let model = SmallModel(iterations: 4)
        let result = try model.estimator(folder, record).train(
            input: SmallModel.array(), maxSteps: 20,
            evaluation: EvalSpec(input: SmallModel.array(repeats: 1), steps: 6, everySteps: 5))
        #expect(record.seen.evaluations.map(\.globalStep) == [8, 12, 16, 20])
        #expect(result.evaluation == record.seen.evaluations.last)
        // The variables of the moment were evaluated, and training was not disturbed.
        #expect(
            result.evaluation
                == (try model.estimator(folder).evaluate(input: SmallModel.array(repeats: 1), steps: 6)))
        let other = try TemporaryFolder()
        try model.estimator(other).train(input: SmallModel.array(), maxSteps: 20)
        #expect(try folder.arrays(at: 20) == (try other.arrays(at: 20)))
        // A run that is already done evaluates all the same.
        let again = try model.estimator(folder).train(
            input: SmallModel.array(), maxSteps: 20,
            evaluation: EvalSpec(input: SmallModel.array(repeats: 1), steps: 6))
        #expect(again.evaluation == result.evaluation)
    }

    /// A model function that minimizes in every mode.
    @Test func evaluationChangesNothing() throws {
        let folder = try TemporaryFolder()
        let estimator = try TPUEstimator(
            modelFunction: { features, _, mode, _, builder in
                let x = try #require(features.only)
                let w = builder.variable("w", initializer: .ones)
                let loss = w.value + x.reduceMean() * 0
                let op = try GradientDescentOptimizer(learningRate: 1).minimize(loss)
                return TPUEstimatorSpec(
                    mode: mode, loss: loss, trainOp: op, evalMetrics: EvalMetrics(tensors: [:], metrics: []))
            },
            config: RunConfig(modelDirectory: folder.path), params: ModelParameters(), useTPU: false,
            trainBatchSize: 8, evalBatchSize: 8, execution: .reference, observer: nil,
            startingPoint: StartingPoint(variables: ["w": NDArray([Float(5)], shape: [])]))
        #expect(try estimator.evaluate(input: SmallModel.array(), steps: 3).loss == 5)
    }

    /// A checkpoint that is named is evaluated and predicts in place of the newest; one that is missing or damaged is refused.
    @Test(arguments: [true, false]) func aNamedCheckpoint(useTPU: Bool) throws {
        let folder = try TemporaryFolder()
        let model = SmallModel(useTPU: useTPU, iterations: 5, saveSteps: 5)
        try model.estimator(folder).train(input: SmallModel.array(), maxSteps: 5)
        let early = try model.estimator(folder).evaluate(input: SmallModel.array(), steps: 4)
        try model.estimator(folder).train(input: SmallModel.array(), maxSteps: 15)
        let estimator = try model.estimator(folder)
        let named = try estimator.evaluate(input: SmallModel.array(), steps: 4, checkpoint: 5, name: "first")
        #expect(named.name == "first" && named.globalStep == 5 && named.loss == early.loss)
        #expect(try estimator.evaluate(input: SmallModel.array(), steps: 4).globalStep == 15)
        let missing = TrainingError.checkpointMissing(step: 7, others: [5, 10, 15])
        #expect(throws: missing) { try estimator.evaluate(input: SmallModel.array(), steps: 4, checkpoint: 7) }
        #expect(throws: missing) { try estimator.predict(input: SmallModel.array(), checkpoint: 7) { _ in } }
        try folder.put([0], "checkpoints/10/model.safetensors")
        #expect(throws: TrainingError.checkpointMissing(step: 10, others: [5, 15])) {
            try estimator.evaluate(input: SmallModel.array(), steps: 4, checkpoint: 10)
        }
    }

    private final class Damage: TrainingObserver {
        let count = Mutex(0)
        func checkpointDamaged(step: Int, detail: String) { count.withLock { $0 += 1 } }
    }

    @Test func damageIsToldOnce() throws {
        let folder = try TemporaryFolder()
        try SmallModel(iterations: 5).estimator(folder).train(input: SmallModel.array(), maxSteps: 20)
        try folder.put([0], "checkpoints/20/optimizer.safetensors")
        let damage = Damage()
        _ = try SmallModel().estimator(folder, damage).evaluate(input: SmallModel.array(), steps: 1)
        #expect(damage.count.withLock { $0 } == 1)
    }
}
