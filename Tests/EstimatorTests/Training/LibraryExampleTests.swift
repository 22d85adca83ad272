import Estimator
import Formats
import FoundationEssentials
import Graph
import OrderedCollections
import TestSupport
import Testing

/// The code of docs/estimator.md.
@Suite struct LibraryExampleTests {
    @Test func example() throws {
        let temporary = try TemporaryFolder()
        let (folder, training, testing) = (temporary.path, try input(.training()), try input(.test(), repeats: 1))

        let model: ModelFunction = { features, labels, mode, params, builder in
            let pixels = features.elements[0]
            let kernel = builder.variable("dense/kernel", shape: [64, 10])
            let bias = builder.variable("dense/bias", shape: [10], initializer: .zeros)
            let logits = pixels.matmul(kernel.value) + bias.value
            guard let classes = labels?.only else {
                return TPUEstimatorSpec(mode: mode, predictions: ["classes": logits.argMax()])
            }
            let loss = Losses.sparseSoftmaxCrossEntropy(labels: classes, logits: logits)
            let optimizer = CrossShardOptimizer(MomentumOptimizer(learningRate: 0.1, momentum: 0.9))
            return TPUEstimatorSpec(
                mode: mode, loss: loss,
                trainOp: mode == .train ? try optimizer.minimize(loss) : nil,
                evalMetrics: EvalMetrics(
                    tensors: ["classes": classes, "logits": logits],
                    metrics: [.sparseCategoricalAccuracy(labels: "classes", scores: "logits")]))
        }
        let estimator = try TPUEstimator(
            modelFunction: model,
            config: RunConfig(
                tpuConfig: try TPUConfig(iterationsPerLoop: 50, numShards: 8), modelDirectory: folder),
            trainBatchSize: 128, evalBatchSize: 96)
        try estimator.train(input: training, maxSteps: 200)
        let result = try estimator.evaluate(input: testing, steps: 3)

        #expect(result.globalStep == 200 && result.rows == 288)
        #expect(try #require(result.metrics["accuracy"]) > 0.93)
    }

    /// Every line of the page's code stands in this file.
    @Test func pageShowsThisCode() throws {
        func lines(_ path: String) throws -> [String] {
            let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
            return text.split(separator: "\n").map { String($0.drop { $0 == " " }) }
        }
        let page = try lines(ProjectFiles.root.path + "/docs/estimator.md")
        let start = try #require(page.firstIndex(of: "```swift"))
        let code = page[(start + 1)...].prefix { $0 != "```" }
        let here = Set(try lines(#filePath))
        #expect(code.count > 20)
        for line in code { #expect(here.contains(line)) }
    }

    private func input(_ digits: Digits, repeats: Int? = nil) -> ArrayInput {
        ArrayInput(
            NDArray((0..<digits.count).flatMap { digits.pixels(of: $0) }, shape: [digits.count, 64]),
            labels: NDArray(digits.labels.map { Int32($0) }), repeats: repeats)
    }
}
