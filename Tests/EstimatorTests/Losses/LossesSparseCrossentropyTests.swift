import Estimator
import Formats
import Glibc
import Graph
import Testing

@Suite struct LossesSparseCrossentropyTests {
    private static let logits: [[Double]] = [[2, -1, 0.5], [0, 1, -1]]
    private static let probabilities: [[Double]] = [[0.2, 0.3, 0.1], [0.5, 0.25, 0.25]]

    private static let cases = [
        LossCase("logits", [[1], [2]], logits, [3.2413113, 2.4076060]) {
            Losses.sparseCategoricalCrossentropy(labels: $0, predictions: $1, fromLogits: true)
        },
        LossCase("probabilities", [[1], [2]], probabilities, [log(2), log(4)]) {
            Losses.sparseCategoricalCrossentropy(labels: $0, predictions: $1)
        },
        LossCase("generalized", [[1], [2]], probabilities, [0.90455488, 1]) {
            Losses.generalizedCrossentropy(labels: $0, predictions: $1, q: 0.5)
        },
    ]

    @Test(arguments: cases) func values(_ loss: LossCase) throws { try loss.check() }
    @Test(arguments: cases) func gradients(_ loss: LossCase) throws { try loss.checkGradient() }

    /// Positions with the ignored label, which no class need have, count neither above nor below the line.
    @Test(arguments: [-1, 0, 300]) func ignoredClass(_ ignored: Int) throws {
        let labels = NDArray([Int16(1), Int16(ignored), Int16(2)])
        let logits = NDArray([Float(2), -1, 0.5, 9, 8, 7, 0, 1, -1], shape: [3, 3])
        let builder = GraphBuilder()
        let (y, x) = (try builder.infeed(labels), try builder.infeed(logits))
        let losses = Losses.sparseCategoricalCrossentropy(
            labels: y, predictions: x, fromLogits: true, ignoredClass: ignored)
        let mean = LossReduction.sumOverBatchSize(losses)
        let gradient = builder.gradients(of: mean, withRespectTo: [x])[0]
        let program = try builder.finish(loss: mean, outfeed: [("gradient", gradient)])
        let (loss, outfeed) = try ProgramRun(program, on: .reference).step([labels, logits])
        #expect(abs(try #require(loss) - (3.2413113 + 2.4076060) / 2) < 1e-6)
        let slopes = HostTensor(try #require(outfeed["gradient"])).floats
        #expect(slopes[3..<6] == [0, 0, 0])
        #expect(slopes[0..<3].allSatisfy { $0 != 0 })
    }

    /// A batch without a label that counts has the loss 0.
    @Test func allIgnored() throws {
        let labels = NDArray([UInt8(255), 255])
        let logits = NDArray([Float(2), -1, 0.5, 1], shape: [2, 2])
        let builder = GraphBuilder()
        let (y, x) = (try builder.infeed(labels), try builder.infeed(logits))
        let losses = Losses.sparseCategoricalCrossentropy(
            labels: y, predictions: x, fromLogits: true, ignoredClass: 255)
        let program = try builder.finish(loss: LossReduction.sumOverBatchSize(losses))
        #expect(try ProgramRun(program, on: .reference).step([labels, logits]).loss == 0)
    }
}
