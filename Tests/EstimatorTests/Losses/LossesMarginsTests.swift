import Estimator
import Testing

@Suite struct LossesMarginsTests {
    private static let scores: [[Double]] = [[-0.5, 0.25], [2, -1]]

    private static let cases = [
        // 0 and 1 count as −1 and 1.
        LossCase("hinge", [[0, 1], [1, 1]], scores, [0.625, 1], Losses.hinge),
        LossCase("hinge of signs", [[-1, 1], [1, 1]], scores, [0.625, 1], Losses.hinge),
        // A −1 in the batch, and 0 is taken as it is.
        LossCase("hinge of all three", [[0, 1], [-1, 1]], scores, [0.875, 2.5], Losses.hinge),
        LossCase("squared hinge", [[0, 1], [1, 1]], scores, [0.40625, 2], Losses.squaredHinge),
        LossCase(
            "categorical hinge", [[0, 1, 0], [1, 0, 0]], [[0.5, 1, 2], [3, -1, 0.25]], [2, 0],
            Losses.categoricalHinge),
    ]

    @Test(arguments: cases) func values(_ loss: LossCase) throws { try loss.check() }
    @Test(arguments: cases) func gradients(_ loss: LossCase) throws { try loss.checkGradient() }
}
