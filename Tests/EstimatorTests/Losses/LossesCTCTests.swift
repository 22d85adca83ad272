import Estimator
import Formats
import Glibc
import Graph
import TestSupport
import Testing

/// The loss of sequences against `tf.nn.ctc_loss` of TensorFlow 2.15.1, Keras 3.15.1 on PyTorch and PyTorch 2.13 in double
/// precision, which agree, and against the sum over all ways of a definition that fits in a line.
struct LossesCTCTests {
    /// Rows of labels, and logits by row, step and class.
    private struct Batch {
        var labels: [[Int64]]
        var logits: [[[Double]]]

        private var steps: Int { logits[0].count }
        private var classes: Int { logits[0][0].count }

        /// The rows' losses in float64, or what else is made of them and the logits.
        func run(_ result: (Tensor, Tensor) -> Tensor = { losses, _ in losses }) throws -> [Double] {
            let y = NDArray(labels.flatMap(\.self), shape: [labels.count, labels[0].count])
            let p = NDArray(logits.flatMap { $0.flatMap(\.self) }, shape: [labels.count, steps, classes])
            let builder = GraphBuilder()
            let (labels, predictions) = (try builder.infeed(y), try builder.infeed(p))
            let losses = Losses.ctc(labels: labels, predictions: predictions).positions
            let program = try builder.finish(outfeed: [("value", result(losses, predictions).reshape(to: [-1]))])
            let outfeed = try ProgramRun(program, on: .reference).step([y, p]).outfeed
            return HostTensor(try #require(outfeed["value"])).doubles
        }

        /// A row's loss by its definition: all ways to take a class a step whose repetitions and blanks, left out, leave the labels.
        func byDefinition(_ row: Int) -> Double {
            var probability = 0.0
            let wanted = labels[row].filter { $0 != 0 }
            let shares = logits[row].map { step in
                let total = step.map { exp($0) }.reduce(0, +)
                return step.map { exp($0) / total }
            }
            for number in 0..<steps.power(of: classes) {
                var (rest, way) = (number, [Int64]())
                for _ in 0..<steps {
                    way.append(Int64(rest % classes))
                    rest /= classes
                }
                let kept = way.indices.filter { way[$0] != 0 && ($0 == 0 || way[$0] != way[$0 - 1]) }
                guard kept.map({ way[$0] }) == wanted else { continue }
                probability += way.indices.reduce(1) { $0 * shares[$1][Int(way[$1])] }
            }
            return -log(probability)
        }
    }

    private static let batch = Batch(
        labels: [[1, 2, 3], [2, 2, 0], [3, 0, 0], [1, 3, 1]],
        logits: [
            [
                [0.3, -0.3, 1.3, 0.2], [-1.1, 0.7, 2.6, 1.9], [-1.4, -2.5, -1.2, 0.1], [-4.7, -0.4, -2.5, -1.5],
                [-1.1, -0.6, 0.8, 2.1],
            ],
            [
                [-0.3, 2.7, -1.3, 0.7], [1.8, 0.2, -1.5, -1.8], [-0.9, 0.4, -2.0, -0.4], [-0.3, 1.1, 0.4, 0.7],
                [-1.3, -0.3, 1.6, 3.0],
            ],
            [
                [-2.5, 3.0, 2.7, 1.6], [0.5, -0.6, 2.9, 3.9], [3.6, 2.6, 0.7, -2.4], [-0.0, 1.3, -2.6, 0.8],
                [0.9, 1.4, -2.4, -1.3],
            ],
            [
                [-0.9, -2.3, 3.5, -1.0], [0.7, -0.5, 3.2, 2.6], [1.3, -4.4, 0.1, 1.4], [2.0, -1.2, 3.6, -2.6],
                [-1.3, 1.9, 0.1, 4.0],
            ],
        ])

    @Test func isTensorFlowsKerasAndPyTorchs() throws {
        let expected = [4.370264619422831, 8.602813806355133, 5.700024981973945, 10.865892012711202]
        for (found, wanted) in zip(try Self.batch.run(), expected) { #expect(abs(found - wanted) <= 1e-12 * wanted) }
    }

    /// A row without labels is one of blanks alone.
    @Test func nothingIsSpeltByBlanks() throws {
        var batch = Self.batch
        (batch.labels, batch.logits) = ([[0, 0, 0]], [batch.logits[0]])
        #expect(abs(try batch.run()[0] - 16.014586103862293) <= 1e-11)
    }

    /// Labels that don't fit have no way: the loss is as good as infinite, and pulls at nothing.
    @Test func whatDoesNotFitHasNoGradient() throws {
        let batch = Batch(labels: [[2, 2, 2]], logits: [Array(Self.batch.logits[1].prefix(3))])
        #expect(try batch.run()[0] == 1e30)
        let gradient = try batch.run { $1.builder.gradients(of: $0.reduceSum(), withRespectTo: [$1])[0] }
        #expect(gradient.allSatisfy { $0 == 0 }, "\(gradient)")
    }

    @Test(arguments: UInt64(0)..<12) func isTheSumOverAllWays(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let (steps, classes, length) = (1 + random.below(5), 2 + random.below(3), 1 + random.below(3))
        var batch = Batch(labels: [], logits: [])
        for _ in 0..<3 {
            let count = random.below(min(length, steps) + 1)
            let row = (0..<length).map { $0 < count ? Int64(1 + random.below(classes - 1)) : 0 }
            batch.labels.append(row)
            batch.logits.append(
                (0..<steps).map { _ in (0..<classes).map { _ in Double.random(in: -3...3, using: &random) } })
        }
        let losses = try batch.run()
        for row in losses.indices {
            let wanted = batch.byDefinition(row)
            #expect(
                wanted.isFinite ? abs(losses[row] - wanted) <= 1e-9 * max(1, wanted) : losses[row] == 1e30,
                "seed \(seed), \(batch.labels[row]): \(losses[row]), by definition \(wanted)")
        }
    }

    @Test func gradientsAreThoseOfDifferences() throws {
        func weighted(_ losses: Tensor) -> Tensor {
            (losses * losses.builder.constant([1, 1.5, 2, 2.5], shape: [4], dtype: .float64)).reduceSum()
        }
        let gradient = try Self.batch.run { losses, predictions in
            predictions.builder.gradients(of: weighted(losses), withRespectTo: [predictions])[0]
        }
        let width = 1e-5
        for row in 0..<4 {
            for step in 0..<5 {
                for choice in 0..<4 {
                    var (low, high) = (Self.batch, Self.batch)
                    low.logits[row][step][choice] -= width
                    high.logits[row][step][choice] += width
                    let above = try high.run { losses, _ in weighted(losses) }[0]
                    let below = try low.run { losses, _ in weighted(losses) }[0]
                    let difference = (above - below) / (2 * width)
                    let found = gradient[(row * 5 + step) * 4 + choice]
                    #expect(abs(difference - found) <= 1e-6, "\(row) \(step) \(choice): \(found), \(difference)")
                }
            }
        }
    }

    @Test func shapesAreChecked() throws {
        let builder = GraphBuilder()
        let labels = builder.infeed(TensorType(.int64, [4, 3]))
        let predictions = builder.infeed(TensorType(.float32, [4, 3]))
        let loss = Losses.ctc(labels: labels, predictions: predictions).positions.reduceSum()
        #expect(throws: GraphError.self) { try builder.finish(loss: loss) }
    }
}

extension Int {
    /// `base` to the power of this.
    fileprivate func power(of base: Int) -> Int { (0..<self).reduce(1) { result, _ in result * base } }
}
