import Estimator
import Formats
import Glibc
import Graph
import Testing

/// TensorFlow 1's losses, each number weighing the same unless weights say otherwise.
@Suite struct LossesTensorFlowTests {
    private func loss(
        _ labels: NDArray, _ predictions: NDArray, _ build: (Tensor, Tensor) -> Tensor
    ) throws -> Double {
        let builder = GraphBuilder()
        let (y, p) = (try builder.infeed(labels), try builder.infeed(predictions))
        let program = try builder.finish(loss: build(y, p))
        return Double(try #require(try ProgramRun(program, on: .reference).step([labels, predictions]).loss))
    }

    private let labels = NDArray([Float(0), 1, 1, 0], shape: [2, 2])
    private let scores = NDArray([Float(-2), 0.5, 3, 0.25], shape: [2, 2])
    private let chances = NDArray([Float(0.5), 0.25, 0.75, 0], shape: [2, 2])

    @Test func values() throws {
        let cases: [(String, NDArray, Double, (Tensor, Tensor) -> Tensor)] = [
            ("absolute", scores, 1.1875, { Losses.absoluteDifference(labels: $0, predictions: $1) }),
            ("squared", scores, 2.078125, { Losses.meanSquaredError(labels: $0, predictions: $1) }),
            ("Huber", scores, 0.7890625, { Losses.huberLoss(labels: $0, predictions: $1) }),
            ("Huber of 2", scores, 1.0390625, { Losses.huberLoss(labels: $0, predictions: $1, delta: 2) }),
            (
                "log", chances, (log(2.0) + log(4.0) - log(0.75)) / 4,
                { Losses.logLoss(labels: $0, predictions: $1) }
            ),
            ("hinge", scores, 0.4375, { Losses.hingeLoss(labels: $0, logits: $1) }),
            (
                "sigmoid", scores, [-2, -0.5, -3, 0.25].map { log(1 + exp($0)) }.reduce(0, +) / 4,
                { Losses.sigmoidCrossEntropy(labels: $0, logits: $1) }
            ),
            (
                "softmax", scores, (log(1 + exp(-2.5)) + log(1 + exp(-2.75))) / 2,
                { Losses.softmaxCrossEntropy(labels: $0, logits: $1) }
            ),
            (
                "softmax, smoothed", scores, (log(1 + exp(-2.5)) + log(1 + exp(-2.75)) + 0.2 * 5.25 / 2) / 2,
                { Losses.softmaxCrossEntropy(labels: $0, logits: $1, labelSmoothing: 0.2) }
            ),
        ]
        for (name, predictions, expected, build) in cases {
            let value = try loss(labels, predictions, build)
            #expect(abs(value - expected) < 2e-6, "\(name): \(value), expected \(expected)")
        }
    }

    /// Smoothing moves a label by s / 2 towards the middle: the loss of x with y' is that with y plus x (y − y').
    @Test func smoothedSigmoids() throws {
        let plain = try loss(labels, scores) { Losses.sigmoidCrossEntropy(labels: $0, logits: $1) }
        let smoothed = try loss(labels, scores) {
            Losses.sigmoidCrossEntropy(labels: $0, logits: $1, labelSmoothing: 0.2)
        }
        #expect(abs(smoothed - plain - 0.1 * (2 + 0.5 + 3 - 0.25) / 4) < 1e-6)
    }

    @Test func classesAndWeights() throws {
        let classes = NDArray([Int32(1), 0])
        let value = try loss(classes, scores) { labels, logits in
            let weights = labels.builder.constant([3, 1], shape: [2])
            return Losses.sparseSoftmaxCrossEntropy(labels: labels, logits: logits, weights: weights)
        }
        #expect(abs(value - (3 * log(1 + exp(-2.5)) + log(1 + exp(-2.75))) / 2) < 1e-6)
        let sum = try loss(classes, scores) {
            Losses.sparseSoftmaxCrossEntropy(labels: $0, logits: $1, reduction: .sum)
        }
        #expect(abs(sum - (log(1 + exp(-2.5)) + log(1 + exp(-2.75)))) < 1e-6)
    }
}
