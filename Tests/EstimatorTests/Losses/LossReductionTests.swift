import Estimator
import Formats
import Graph
import Testing

@Suite struct LossReductionTests {
    /// Squared errors of two rows of two: 1, 9 | 0, 4; positions 5 and 2.
    private static let labels = NDArray([Float(0), 0, 0, 0], shape: [2, 2])
    private static let predictions = NDArray([Float(1), 3, 0, 2], shape: [2, 2])

    private func reduced(
        _ reduction: LossReduction, weights: NDArray? = nil, mask: NDArray? = nil, ofElements: Bool = false
    ) throws -> Float {
        let builder = GraphBuilder()
        let inputs = [Self.labels, Self.predictions] + [weights, mask].compactMap(\.self)
        let tensors = try inputs.map { try builder.infeed($0) }
        var losses = Losses.squaredErrors(labels: tensors[0], predictions: tensors[1])
        if ofElements { losses = losses.ofElements }
        if mask != nil { losses = losses.masked(by: tensors[tensors.count - 1]) }
        let program = try builder.finish(loss: reduction(losses, weights: weights == nil ? nil : tensors[2]))
        return try #require(try ProgramRun(program, on: .reference).step(inputs).loss)
    }

    @Test(
        arguments: [
            (.sum, nil, 7), (.sumOverBatchSize, nil, 3.5), (.mean, nil, 3.5), (.sumByNonzeroWeights, nil, 3.5),
            (.sum, [2, 0], 10), (.sumOverBatchSize, [2, 0], 5), (.mean, [2, 0], 5), (.sumByNonzeroWeights, [2, 0], 10),
            (.mean, [3, 1], 17 / 4.0), (.mean, [0, 0], 0), (.sumByNonzeroWeights, [0, 0], 0),
        ] as [(LossReduction, [Float]?, Float)])
    func positions(reduction: LossReduction, weights: [Float]?, expected: Float) throws {
        #expect(try reduced(reduction, weights: weights.map { NDArray($0) }) == expected)
        #expect(try reduced(reduction, weights: weights.map { NDArray($0, shape: [2, 1]) }) == expected)
    }

    /// TensorFlow 1 takes each element for itself; a weight a row is that of its elements.
    @Test(
        arguments: [
            (.sum, nil, 14), (.sumOverBatchSize, nil, 3.5), (.sum, [2, 0], 20), (.sumOverBatchSize, [2, 0], 5),
            (.mean, [2, 0], 5), (.sumByNonzeroWeights, [2, 0], 10),
        ] as [(LossReduction, [Float]?, Float)])
    func elements(reduction: LossReduction, weights: [Float]?, expected: Float) throws {
        #expect(try reduced(reduction, weights: weights.map { NDArray($0) }, ofElements: true) == expected)
        #expect(
            try reduced(reduction, weights: weights.map { NDArray($0, shape: [2, 1]) }, ofElements: true) == expected)
    }

    /// What is masked out is not part of the batch; weights weigh what is left.
    @Test func masks() throws {
        let mask = NDArray([Int32(0), 1])
        #expect(try reduced(.sumOverBatchSize, mask: mask) == 2)
        #expect(try reduced(.sum, mask: mask) == 2)
        #expect(try reduced(.sumOverBatchSize, weights: NDArray([Float(7), 3]), mask: mask) == 6)
        #expect(try reduced(.mean, weights: NDArray([Float(7), 3]), mask: mask) == 2)
        #expect(try reduced(.sumOverBatchSize, mask: NDArray([Int32(0), 0])) == 0)
    }
}
