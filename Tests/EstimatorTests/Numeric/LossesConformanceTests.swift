import Estimator
import Formats
import Graph
import TestSupport
import Testing

/// TensorFlow 1's losses against TensorFlow's own (`numeric/ops.json`): values and gradients, on every executor.
@Suite(.enabled(if: ProjectFiles.hasCases("numeric/ops.json"), "\(ProjectFiles.noCases)"))
struct LossesConformanceTests {
    private typealias Build =
        @Sendable (
            _ inputs: [String: Tensor], _ attributes: JSON, _ weights: Tensor?, _ reduction: LossReduction
        ) -> Tensor?

    private static let losses: [String: Build] = [
        "losses.mean_squared_error": { inputs, _, weights, reduction in
            pair(inputs, "predictions").map {
                Losses.meanSquaredError(labels: $0, predictions: $1, weights: weights, reduction: reduction)
            }
        },
        "losses.absolute_difference": { inputs, _, weights, reduction in
            pair(inputs, "predictions").map {
                Losses.absoluteDifference(labels: $0, predictions: $1, weights: weights, reduction: reduction)
            }
        },
        "losses.huber_loss": { inputs, attributes, weights, reduction in
            pair(inputs, "predictions").map {
                Losses.huberLoss(
                    labels: $0, predictions: $1, delta: attributes["delta"]?.double ?? .nan, weights: weights,
                    reduction: reduction)
            }
        },
        "losses.log_loss": { inputs, _, weights, reduction in
            pair(inputs, "predictions").map {
                Losses.logLoss(labels: $0, predictions: $1, weights: weights, reduction: reduction)
            }
        },
        "losses.hinge_loss": { inputs, _, weights, reduction in
            pair(inputs, "logits").map {
                Losses.hingeLoss(labels: $0, logits: $1, weights: weights, reduction: reduction)
            }
        },
        "losses.sigmoid_cross_entropy": { inputs, attributes, weights, reduction in
            pair(inputs, "logits").map {
                Losses.sigmoidCrossEntropy(
                    labels: $0, logits: $1, labelSmoothing: attributes["label_smoothing"]?.double ?? 0,
                    weights: weights, reduction: reduction)
            }
        },
        "losses.softmax_cross_entropy": { inputs, attributes, weights, reduction in
            pair(inputs, "logits").map {
                Losses.softmaxCrossEntropy(
                    labels: $0, logits: $1, labelSmoothing: attributes["label_smoothing"]?.double ?? 0,
                    weights: weights, reduction: reduction)
            }
        },
        "losses.sparse_softmax_cross_entropy": { inputs, _, weights, reduction in
            pair(inputs, "logits").map {
                Losses.sparseSoftmaxCrossEntropy(labels: $0, logits: $1, weights: weights, reduction: reduction)
            }
        },
    ]

    private static let reductions: [String: LossReduction] = [
        "SUM": .sum, "MEAN": .mean, "SUM_BY_NONZERO_WEIGHTS": .sumByNonzeroWeights,
        "SUM_OVER_BATCH_SIZE": .sumOverBatchSize,
    ]

    private static func pair(_ inputs: [String: Tensor], _ predictions: String) -> (Tensor, Tensor)? {
        guard let labels = inputs["labels"], let scores = inputs[predictions] else { return nil }
        return (labels, scores)
    }

    @Test(arguments: ExecutorUnderTest.all)
    func agreesWithTensorFlow(executor: ExecutorUnderTest) throws {
        let cases = try NumericSuite("ops").cases.filter { $0.json["op"]?.string?.hasPrefix("losses.") == true }
        if ProjectFiles.hasOwnCases {
            #expect(Set(cases.compactMap { $0.json["op"]?.string }) == Set(Self.losses.keys))
        }
        for test in cases { try check(test, on: executor) }
    }

    private func check(_ test: NumericCase, on executor: ExecutorUnderTest) throws {
        let op = try test.string("op")
        let build = try #require(Self.losses[op], "\(op)")
        let attributes = try #require(test.json["attrs"])
        let reduction = try #require(Self.reductions[attributes["reduction"]?.string ?? "SUM_BY_NONZERO_WEIGHTS"])
        let inputs = try test.arrays("inputs")
        let builder = GraphBuilder()
        var tensors: [String: Tensor] = [:]
        for (name, array) in inputs { tensors[name] = try builder.infeed(array) }
        let loss = try #require(build(tensors, attributes, tensors["weights"], reduction))
        let output = try #require(test.json["outputs"]?[0])
        let upstream = try test.array(["tensor": output["upstream"] ?? nil]).floats[0]
        let expected = try test.arrays("gradients")
        let gradients = builder.gradients(
            of: loss * Double(upstream), withRespectTo: try expected.map { try #require(tensors[$0.name]) })
        let program = try builder.finish(
            loss: loss, outfeed: zip(expected, gradients).map { (name: $0.name, value: $1) })
        let (value, outfeed) = try ProgramRun(program, on: executor).step(inputs.map(\.array))
        let tolerance = try test.tolerance()
        tolerance.check([try #require(value)], try test.array(output).floats, test.id)
        for (name, array) in expected {
            let gradient = HostTensor(try #require(outfeed[name]))
            tolerance.check(gradient.floats, try array.floats, "\(test.id) gradient of \(name)")
        }
    }
}
