import Estimator
import Testing

@Suite struct LossesDistributionsTests {
    private static let cases = [
        LossCase("Poisson", [[0, 1], [2, 3]], [[0.5, 1], [2, 0.25]], [0.75, 2.511294], Losses.poisson),
        LossCase(
            "divergence", [[0, 1, 0], [0.5, 0.25, 0.25]], [[0.2, 0.3, 0.1], [0.5, 0.25, 0.25]], [1.20397, 0],
            Losses.divergence),
    ]

    @Test(arguments: cases) func values(_ loss: LossCase) throws { try loss.check() }
    @Test(arguments: cases) func gradients(_ loss: LossCase) throws { try loss.checkGradient() }
}
