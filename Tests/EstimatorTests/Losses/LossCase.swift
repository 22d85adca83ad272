import Estimator
import Executor
import Formats
import Graph
import TestSupport
import Testing

/// A loss on a few numbers, with what Keras gives for each position.
struct LossCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let labels: [[Double]]
    let predictions: [[Double]]
    let expected: [Double]
    let build: @Sendable (_ labels: Tensor, _ predictions: Tensor) -> LossValues

    init(
        _ name: String, _ labels: [[Double]], _ predictions: [[Double]], _ expected: [Double],
        _ build: @escaping @Sendable (_ labels: Tensor, _ predictions: Tensor) -> LossValues
    ) {
        testDescription = name
        self.labels = labels
        self.predictions = predictions
        self.expected = expected
        self.build = build
    }

    /// The losses of the positions, in float64; a single one is a list of one.
    func positions() throws -> [Double] {
        try run(predictions.flatMap(\.self)) { losses, _ in losses.positions }
    }

    /// The losses of positions are those expected, up to the rounding of Keras' float32.
    func check() throws {
        let positions = try positions()
        #expect(positions.count == expected.count, "\(testDescription)")
        for (position, wanted) in zip(positions, expected) {
            #expect(abs(position - wanted) <= 1e-6 * max(1, abs(wanted)), "\(testDescription): \(positions)")
        }
    }

    /// The gradient of a weighted sum of the losses is that of central differences.
    func checkGradient() throws {
        let point = predictions.flatMap(\.self)
        func loss(_ losses: LossValues) -> Tensor {
            let positions = losses.positions
            let weights = (0..<positions.shape.count).map { 1 + 0.5 * Double($0) }
            let all = positions.reshape(to: [-1])
            return (all * all.builder.constant(weights, shape: [weights.count], dtype: .float64)).reduceSum()
        }
        let gradient = try run(point) { losses, predictions in
            predictions.builder.gradients(of: loss(losses), withRespectTo: [predictions])[0]
        }
        let width = 1e-5
        for place in point.indices {
            var (low, high) = (point, point)
            low[place] -= width
            high[place] += width
            let above = try run(high) { losses, _ in loss(losses) }[0]
            let below = try run(low) { losses, _ in loss(losses) }[0]
            let difference = (above - below) / (2 * width)
            #expect(
                abs(difference - gradient[place]) <= 1e-6 * max(1, abs(difference)),
                "\(testDescription), element \(place): \(gradient[place]), by differences \(difference)")
        }
    }

    private func run(_ predictions: [Double], _ result: (LossValues, Tensor) -> Tensor) throws -> [Double] {
        let y = NDArray(labels.flatMap(\.self), shape: shape(labels))
        let p = NDArray(predictions, shape: shape(self.predictions))
        let builder = GraphBuilder()
        let (labels, tensor) = (try builder.infeed(y), try builder.infeed(p))
        let value = result(build(labels, tensor), tensor).reshape(to: [-1])
        let program = try builder.finish(outfeed: [("value", value)])
        let outfeed = try ProgramRun(program, on: .reference).step([y, p]).outfeed
        return HostTensor(try #require(outfeed["value"])).doubles
    }

    /// Rows of one number each are a vector where the other side has more.
    private func shape(_ rows: [[Double]]) -> [Int] {
        let isVector = rows[0].count == 1 && (rows.count == labels.count && predictions[0].count > 1)
        return isVector ? [rows.count] : [rows.count, rows[0].count]
    }
}
