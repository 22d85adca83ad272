import Executor
import Graph
import TestSupport
import Testing

struct LoopNestTests {
    /// Where an element of the result is read, by the definition of a broadcast.
    private static func position(_ index: [Int], _ source: Shape, _ dimensions: [Int]) -> Int {
        dimensions.indices.reduce(0) { sum, axis in
            sum + (source[axis] == 1 ? 0 : index[dimensions[axis]] * source.strides[axis])
        }
    }

    @Test(arguments: [UInt64.random(in: .min ... .max), 1])
    func aStretchReadsWhatTheBroadcastMakes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let shape = Shape((0..<random.below(5)).map { _ in 1 + random.below(4) })
            let dimensions = (0..<shape.rank).filter { _ in Bool.random(using: &random) }
            let source = Shape(dimensions.map { Bool.random(using: &random) ? shape[$0] : 1 })
            let stretch = Stretch(source, to: shape, dimensions: dimensions)
            let comment: Comment = "seed \(seed), \(source) to \(shape) at \(dimensions)"
            #expect(stretch.extents.reduce(1, *) == shape.count, comment)
            for (element, index) in OneStep.indices(of: shape).enumerated() {
                var (rest, place) = (element, 0)
                for (extent, stride) in zip(stretch.extents, stretch.strides).reversed() {
                    place += rest % extent * stride
                    rest /= extent
                }
                #expect(place == Self.position(index, source, dimensions), comment)
            }
            // Neighbours that are read alike are one.
            #expect(zip(stretch.strides, stretch.strides.dropFirst()).allSatisfy { !($0 == 0 && $1 == 0) }, comment)
        }
    }

    @Test func cutsAndStrides() {
        let channels = Stretch([5], to: [2, 3, 4, 5], dimensions: [3])
        #expect(channels.extents == [24, 5] && channels.strides == [0, 1] && channels.splits == [5])
        let images = Stretch([2, 1, 1, 5], to: [2, 3, 4, 5], dimensions: [0, 1, 2, 3])
        #expect(images.extents == [2, 12, 5] && images.strides == [5, 0, 1] && images.splits == [5, 60])
        #expect([1, 5, 10, 60].map(images.stride) == [1, 0, 0, 5])
        let column = Stretch([2, 3, 1], to: [2, 3, 4], dimensions: [0, 1, 2])
        #expect(column.extents == [6, 4] && column.strides == [1, 0])
        #expect([1, 4, 8].map(column.stride) == [0, 1, 2])
        #expect(Stretch([], to: [2, 3], dimensions: []).splits == [])
    }
}
