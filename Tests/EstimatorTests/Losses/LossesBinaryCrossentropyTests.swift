import Estimator
import Formats
import Glibc
import Graph
import Testing

@Suite struct LossesBinaryCrossentropyTests {
    private static let labels: [[Double]] = [[0, 1], [1, 0.25]]
    private static let logits: [[Double]] = [[-2, 0.5], [3, 0]]
    private static let probabilities = logits.map { $0.map { 1 / (1 + exp(-$0)) } }

    private static let cases = [
        LossCase("logits", labels, logits, [0.30050248, 0.37086725]) {
            Losses.binaryCrossentropy(labels: $0, predictions: $1, fromLogits: true)
        },
        LossCase("probabilities", labels, probabilities, [0.30050248, 0.37086725]) {
            Losses.binaryCrossentropy(labels: $0, predictions: $1)
        },
        LossCase("of a sigmoid", labels, logits, [0.30050248, 0.37086725]) {
            Losses.binaryCrossentropy(labels: $0, predictions: $1.sigmoid())
        },
        LossCase("smoothed", labels, logits, [0.42550248, 0.5208672]) {
            Losses.binaryCrossentropy(labels: $0, predictions: $1, fromLogits: true, smoothing: 0.2)
        },
        LossCase("focal", labels, probabilities, [0.03468852, 0.08669804]) {
            Losses.binaryFocalCrossentropy(labels: $0, predictions: $1, gamma: 2, alpha: nil)
        },
        LossCase("focal, balanced", labels, probabilities, [0.01570582, 0.07664539]) {
            Losses.binaryFocalCrossentropy(labels: $0, predictions: $1, gamma: 1.5, alpha: 0.25)
        },
        LossCase("focal of logits, smoothed", labels, logits, [0.04072013, 0.08749635]) {
            Losses.binaryFocalCrossentropy(
                labels: $0, predictions: $1, fromLogits: true, smoothing: 0.1, gamma: 2, alpha: nil)
        },
        // (ln of 1e-7) and what is left of 1 are where probabilities end.
        LossCase("certain and wrong", [[1], [0]], [[0], [1]], [16.118095651, 16.118095651]) {
            Losses.binaryCrossentropy(labels: $0, predictions: $1)
        },
    ]

    @Test(arguments: cases) func values(_ loss: LossCase) throws { try loss.check() }
    @Test(arguments: cases.dropLast()) func gradients(_ loss: LossCase) throws { try loss.checkGradient() }

    /// Logits of any size, in float32: no loss is lost between large numbers, none overflows.
    @Test func largeLogits() throws {
        let logits: [Float] = [20, -20, 500, -500, 0]
        let labels: [Float] = [1, 0, 0, 1, 1]
        let builder = GraphBuilder()
        let (y, x) = (try builder.infeed(NDArray(labels)), try builder.infeed(NDArray(logits)))
        let losses = Losses.binaryCrossentropy(labels: y, predictions: x, fromLogits: true)
        let gradient = builder.gradients(of: losses.positions.reduceSum(), withRespectTo: [x])[0]
        let program = try builder.finish(outfeed: [("losses", losses.positions), ("gradient", gradient)])
        let outfeed = try ProgramRun(program, on: .reference).step([NDArray(labels), NDArray(logits)]).outfeed
        let small = Float(exp(-20.0))
        let tolerance = Tolerance(relative: 1e-6, absolute: 0)
        tolerance.check(
            HostTensor(try #require(outfeed["losses"])).floats, [small, small, 500, 500, Float(log(2.0))], "losses")
        // The parts of a gradient are added up in float32, one of them being 1.
        Tolerance(relative: 1e-6, absolute: 1e-7).check(
            HostTensor(try #require(outfeed["gradient"])).floats, [-small, small, 1, -1, -0.5], "gradient")
    }
}
