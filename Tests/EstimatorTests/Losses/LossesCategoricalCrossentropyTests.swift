import Estimator
import Testing

@Suite struct LossesCategoricalCrossentropyTests {
    private static let labels: [[Double]] = [[0, 1, 0], [0.5, 0.25, 0.25]]
    private static let logits: [[Double]] = [[2, -1, 0.5], [0, 1, -1]]
    /// The first row is divided by its sum, 0.6.
    private static let probabilities: [[Double]] = [[0.2, 0.3, 0.1], [0.5, 0.25, 0.25]]

    private static let cases = [
        LossCase("logits", labels, logits, [3.2413113, 1.407606]) {
            Losses.categoricalCrossentropy(labels: $0, predictions: $1, fromLogits: true)
        },
        LossCase("of a softmax", labels, logits, [3.2413113, 1.407606]) {
            Losses.categoricalCrossentropy(labels: $0, predictions: $1.softmax())
        },
        LossCase("probabilities", labels, probabilities, [0.6931472, 1.0397208]) {
            Losses.categoricalCrossentropy(labels: $0, predictions: $1)
        },
        LossCase("smoothed", labels, logits, [2.7913113, 1.407606]) {
            Losses.categoricalCrossentropy(labels: $0, predictions: $1, fromLogits: true, smoothing: 0.3)
        },
        LossCase("focal", labels, probabilities, [0.0433217, 0.11913468]) {
            Losses.categoricalFocalCrossentropy(labels: $0, predictions: $1, gamma: 2, alpha: [0.25])
        },
        LossCase("focal with a weight for each class", labels, probabilities, [0.03465736, 0.18411721]) {
            Losses.categoricalFocalCrossentropy(labels: $0, predictions: $1, gamma: 2, alpha: [0.1, 0.2, 0.7])
        },
        LossCase("focal of logits, smoothed", labels, logits, [1.4782467, 0.5575311]) {
            Losses.categoricalFocalCrossentropy(
                labels: $0, predictions: $1, fromLogits: true, smoothing: 0.1, gamma: 1, alpha: [0.5])
        },
        LossCase("certain and wrong", [[1, 0]], [[0, 1]], [16.118095651]) {
            Losses.categoricalCrossentropy(labels: $0, predictions: $1)
        },
    ]

    @Test(arguments: cases) func values(_ loss: LossCase) throws { try loss.check() }
    @Test(arguments: cases.dropLast()) func gradients(_ loss: LossCase) throws { try loss.checkGradient() }
}
