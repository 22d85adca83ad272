import Estimator
import Formats
import Glibc
import Graph
import Testing

@Suite struct LossesTests {
    private let scores: [Float] = [2, -1, 0.5, 0, 3, 1, -2, 0, 1]
    private let classes: [Int32] = [0, 2, 1]

    /// The loss that the closure builds over scores [3, 3] and labels of any shape.
    private func loss(
        _ features: NDArray, _ labels: NDArray, _ build: (Tensor, Tensor) -> Tensor
    ) throws -> (loss: Float, program: Program) {
        let builder = GraphBuilder()
        let (x, y) = (try builder.infeed(features), try builder.infeed(labels))
        let program = try builder.finish(loss: build(x, y))
        let loss = try ProgramRun(program, on: .reference).step([features, labels]).loss
        return (try #require(loss), program)
    }

    private var features: NDArray { NDArray(scores, shape: [3, 3]) }

    private var crossEntropy: Float {
        let rows = (0..<3).map { row in
            let row3 = scores[(row * 3)..<(row * 3 + 3)]
            return log(row3.map { exp($0) }.reduce(0, +)) - scores[row * 3 + Int(classes[row])]
        }
        return rows.reduce(0, +) / 3
    }

    @Test func logitsAndLabelShapes() throws {
        let asBytes = NDArray(classes.map { UInt8($0) })
        let asColumn = NDArray(classes, shape: [3, 1])
        let asFloats = NDArray(classes.map { Float($0) })
        for labels in [NDArray(classes), asBytes, asColumn, asFloats] {
            let value = try loss(features, labels) { Losses.sparseSoftmaxCrossEntropy(labels: $1, logits: $0) }.loss
            #expect(abs(value - crossEntropy) < 1e-6, "\(labels)")
        }
    }

    /// Probabilities from a softmax are traced back to the logits: no clipping, no second logarithm.
    @Test func probabilitiesOfASoftmax() throws {
        let (value, program) = try loss(features, NDArray(classes)) {
            LossReduction.sumOverBatchSize(
                Losses.sparseCategoricalCrossentropy(labels: $1, predictions: $0.softmax()))
        }
        #expect(abs(value - crossEntropy) < 1e-6)
        #expect(!program.contains(.unary))
        let far = NDArray([Float(80), 0, 0, 0, 80, 0, 0, 0, 80], shape: [3, 3])
        let wrong = NDArray([Int32(1), 1, 2])
        let exact = try loss(far, wrong) {
            LossReduction.sumOverBatchSize(
                Losses.sparseCategoricalCrossentropy(labels: $1, predictions: $0.softmax()))
        }.loss
        #expect(abs(exact - 80 / 3) < 1e-4)
    }

    /// Other probabilities are cut to 1e-7 and divided by their sum.
    @Test func plainProbabilities() throws {
        let probabilities: [Float] = [0.2, 0.3, 0.5, 0, 1, 0, 0.1, 0.1, 0.2]
        let value = try loss(NDArray(probabilities, shape: [3, 3]), NDArray(classes)) {
            LossReduction.sumOverBatchSize(Losses.sparseCategoricalCrossentropy(labels: $1, predictions: $0))
        }.loss
        let expected = -(log(0.2) + log(1e-7 / (1 + 1e-7)) + log(0.1 / 0.4)) / 3
        #expect(abs(Double(value) - expected) < 1e-5)
    }

    @Test func fromLogits() throws {
        let value = try loss(features, NDArray(classes)) {
            LossReduction.sumOverBatchSize(
                Losses.sparseCategoricalCrossentropy(labels: $1, predictions: $0, fromLogits: true))
        }.loss
        #expect(abs(value - crossEntropy) < 1e-6)
    }

    @Test func squares() throws {
        let predictions = NDArray([Float(1), 2, 4], shape: [3, 1])
        for labels in [NDArray([Float(0), 4, 4]), NDArray([Int32(0), 4, 4], shape: [3, 1])] {
            let value = try loss(predictions, labels) { Losses.meanSquaredError(labels: $1, predictions: $0) }.loss
            #expect(abs(value - 5 / 3) < 1e-6)
        }
    }
}
