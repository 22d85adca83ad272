import Estimator
import Testing

@Suite struct LossesErrorsTests {
    private static let labels: [[Double]] = [[1, -2], [4, 3]]
    private static let predictions: [[Double]] = [[1.5, -2], [2, 2.5]]

    private static let cases = [
        LossCase("squared", labels, predictions, [0.125, 2.125], Losses.squaredErrors),
        LossCase("absolute", labels, predictions, [0.25, 1.25], Losses.absoluteErrors),
        LossCase("percentage", labels, predictions, [25, 100 / 3.0], Losses.percentageErrors),
        LossCase("percentage of nothing", [[0]], [[2e-8]], [20], Losses.percentageErrors),
        LossCase("logarithmic", labels, predictions, [0.024896529, 0.13938671], Losses.logarithmicErrors),
        LossCase("Huber", labels, predictions, [0.0625, 0.8125]) {
            Losses.huber(labels: $0, predictions: $1, delta: 1)
        },
        LossCase("Huber of 1/4", labels, predictions, [0.046875, 0.28125]) {
            Losses.huber(labels: $0, predictions: $1, delta: 0.25)
        },
        LossCase("log-cosh", labels, predictions, [0.060057253, 0.7225586], Losses.logCosh),
        LossCase("log-cosh far away", [[0], [0]], [[50], [-50]], [49.30685282, 49.30685282], Losses.logCosh),
    ]

    @Test(arguments: cases) func values(_ loss: LossCase) throws { try loss.check() }

    /// Away from corners: the same labels, and predictions that meet none of them.
    @Test(arguments: cases.prefix(1) + cases.dropFirst(4).dropLast(1)) func gradients(_ loss: LossCase) throws {
        try LossCase(loss.testDescription, loss.labels, [[1.5, -2.1], [2, 2.5]], [], loss.build).checkGradient()
    }
}
