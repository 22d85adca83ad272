import Estimator
import Testing

@Suite struct LossesOverlapsTests {
    private static let labels: [[Double]] = [[0, 1], [1, 1]]
    private static let predictions: [[Double]] = [[0.25, 0.5], [1, 0.1]]

    private static let cases = [
        LossCase("cosine", [[3, 4], [1, 0]], [[4, 3], [1, 1]], [-0.96, -0.70710678]) {
            Losses.cosineSimilarity(labels: $0, predictions: $1)
        },
        LossCase("cosine along the batch", [[3, 1], [4, 0]], [[4, 1], [3, 1]], [-0.96, -0.70710678]) {
            Losses.cosineSimilarity(labels: $0, predictions: $1, axis: 0)
        },
        LossCase("cosine with nothing", [[0, 0]], [[4, 3]], [0]) {
            Losses.cosineSimilarity(labels: $0, predictions: $1)
        },
        // 1 − 2 · 1.6 / (3 + 1.85), and for each row.
        LossCase("Dice", labels, predictions, [0.34020620]) { Losses.dice(labels: $0, predictions: $1) },
        LossCase("Dice of rows", labels, predictions, [0.42857146, 0.29032261]) {
            Losses.dice(labels: $0, predictions: $1, axes: [-1])
        },
        // Missed: 1.4, wrongly found: 0.25.
        LossCase("Tversky", labels, predictions, [0.27107065]) {
            Losses.tversky(labels: $0, predictions: $1, alpha: 0.3, beta: 0.7)
        },
        LossCase("Tversky of rows", labels, predictions, [0.3939395, 0.19708031]) {
            Losses.tversky(labels: $0, predictions: $1, alpha: 0.3, beta: 0.7, axes: [1])
        },
    ]

    @Test(arguments: cases) func values(_ loss: LossCase) throws { try loss.check() }
    @Test(arguments: cases) func gradients(_ loss: LossCase) throws { try loss.checkGradient() }
}
