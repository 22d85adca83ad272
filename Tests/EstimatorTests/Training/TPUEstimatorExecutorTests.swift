import Estimator
import Graph
import Testing

@Suite struct TPUEstimatorExecutorTests {
    /// Lines of a run's log that tell of emulation.
    private static func warnings(isRounded: Bool, multiplies: Bool = false) throws -> [String] {
        let folder = try TemporaryFolder()
        let record = Record()
        var execution = ExecutorUnderTest.lanes.execution()
        execution.multipliesBFloat16 = multiplies
        let estimator = try TPUEstimator(
            modelFunction: { features, labels, mode, _, builder in
                let x = try #require(features.only)
                let kernel = builder.variable("kernel", shape: [6, 3])
                let logits = (isRounded ? x.roundedToBFloat16() : x).matmul(kernel.value)
                let labels = try #require(labels?.only)
                let loss = Losses.sparseSoftmaxCrossEntropy(labels: labels, logits: logits)
                return TPUEstimatorSpec(
                    mode: mode, loss: loss,
                    trainOp: mode == .train
                        ? try CrossShardOptimizer(GradientDescentOptimizer(learningRate: 0.1)).minimize(loss) : nil,
                    evalMetrics: EvalMetrics(
                        tensors: ["labels": labels, "logits": logits],
                        metrics: [.sparseCategoricalAccuracy(labels: "labels", scores: "logits")]))
            },
            config: RunConfig(
                tpuConfig: try TPUConfig(iterationsPerLoop: 2, numShards: 2), modelDirectory: folder.path,
                randomSeed: 1),
            trainBatchSize: 4, evalBatchSize: 4, execution: execution, observer: record)
        try estimator.train(
            input: SmallModel.array(repeats: 1), maxSteps: 3,
            evaluation: EvalSpec(input: SmallModel.array(repeats: 1), steps: 1))
        _ = try estimator.evaluate(input: SmallModel.array(repeats: 1), steps: 1)
        return record.seen.log.filter { $0.level == .warning && $0.text.contains("emulated") }.map(\.text)
    }

    @Test func emulationIsToldOnce() throws {
        let lines = try Self.warnings(isRounded: true)
        #expect(lines.count == 1)
        #expect(lines.first?.hasPrefix("mixed_bfloat16 is emulated") == true)
    }

    @Test func nothingIsSaidWhereTheProcessorMultipliesBFloat16() throws {
        guard ExecutionOptions().multipliesBFloat16 else { return }
        #expect(try Self.warnings(isRounded: true, multiplies: true).isEmpty)
    }

    @Test func withoutRoundingNothingIsSaid() throws {
        #expect(try Self.warnings(isRounded: false).isEmpty)
    }
}
