import Estimator
import Formats
import Graph
import Testing

@Suite struct LossValuesTests {
    private func shapes(_ labels: [Int], _ predictions: [Int]) throws -> (positions: [Int], elements: [Int]) {
        let builder = GraphBuilder()
        let y = builder.infeed(TensorType(.float32, Shape(labels)))
        let p = builder.infeed(TensorType(.float32, Shape(predictions)))
        let losses = Losses.squaredErrors(labels: y, predictions: p)
        _ = try builder.finish(loss: LossReduction.sum(losses))
        return (losses.positions.shape.dimensions, losses.ofElements.positions.shape.dimensions)
    }

    /// A position's loss is the mean along the last axis, which is never the batch.
    @Test(
        arguments: [
            ([4, 3], [4, 3], [4]), ([4, 2, 3], [4, 2, 3], [4, 2]), ([4], [4, 1], [4]), ([4, 1], [4], [4]),
            ([4], [4], [4]), ([4, 2], [4, 2, 1], [4]), ([4, 2, 1], [4, 2], [4]),
        ] as [([Int], [Int], [Int])])
    func positions(labels: [Int], predictions: [Int], expected: [Int]) throws {
        #expect(try shapes(labels, predictions).positions == expected)
    }

    @Test func elements() throws { #expect(try shapes([4, 3], [4, 3]).elements == [4, 3]) }

    /// Two masks leave what both leave; one a row is that of its positions.
    @Test func masks() throws {
        let labels = NDArray([Int32(1), 0, 1, 1], shape: [2, 2])
        let scores = NDArray([Float](repeating: 0.5, count: 8), shape: [2, 2, 2])
        let rows = NDArray([Int32(1), 0])
        let builder = GraphBuilder()
        let tensors = try [labels, scores, rows].map { try builder.infeed($0) }
        let losses = Losses.sparseCategoricalCrossentropy(
            labels: tensors[0], predictions: tensors[1], ignoredClass: 0
        ).masked(by: tensors[2]).masked(by: nil)
        let mask = try #require(losses.mask)
        let program = try builder.finish(outfeed: [("mask", mask)])
        let outfeed = try ProgramRun(program, on: .reference).step([labels, scores, rows]).outfeed
        #expect(HostTensor(try #require(outfeed["mask"])).floats == [1, 0, 0, 0])
    }
}
