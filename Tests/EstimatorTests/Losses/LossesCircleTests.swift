import Estimator
import Testing

/// Numbers by Keras' formulas in double precision; the last row has no other of its class.
@Suite struct LossesCircleTests {
    private static let labels: [[Double]] = [[0], [0], [1], [1], [2]]
    private static let vectors: [[Double]] = [[1, 0], [0.6, 0.8], [0, 1], [-0.8, 0.6], [0.8, -0.6]]

    private static func circle(
        _ name: String, _ expected: [Double], gamma: Double, margin: Double, removesDiagonal: Bool = true
    ) -> LossCase {
        LossCase(name, labels, vectors, expected) {
            Losses.circle(
                labels: $0, predictions: $1, gamma: gamma, margin: margin, removesDiagonal: removesDiagonal)
        }
    }

    private static let cases = [
        circle("Keras' defaults", [38.4, 38.4, 38.4, 1.09861321, 0], gamma: 80, margin: 0.4),
        circle("soft", [1.96644706, 1.94625893, 1.96644706, 1.50477274, 0], gamma: 2, margin: 0.25),
        circle(
            "with a row as one of its class", [2.45166076, 2.43019606, 2.45166076, 1.95259131, 1.8476451], gamma: 2,
            margin: 0.25, removesDiagonal: false),
    ]

    @Test(arguments: cases) func values(_ loss: LossCase) throws { try loss.check() }
    // The first is too steep for differences, the last has corners where a row meets itself.
    @Test(arguments: [cases[1]]) func gradients(_ loss: LossCase) throws { try loss.checkGradient() }
}
