import Formats
import Keras
import OrderedCollections
import Testing

@Suite struct DotLayerTests {
    typealias Batch = LayerTrial.Batch

    @Test(
        arguments: [
            (1, [3], [3], [1]), (-1, [2, 3], [4, 3], [2, 4]), ([1, 2], [3, 5], [10, 3], [5, 10]),
            ([2, 1], [2, 3], [3], [2]), ([-1, 1], [4, 2, 3], [3, 5], [4, 2, 5]), (1, [3], [3, 5], [5]),
        ] as [(JSON, [Int], [Int], [Int])])
    func shapes(_ axes: JSON, _ first: [Int], _ second: [Int], _ expected: [Int]) throws {
        #expect(try LayerTrial("Dot", ["axes": axes]).shape(first, second) == expected)
    }

    @Test func sumsOfProducts() throws {
        let vectors = try LayerTrial("Dot", ["axes": 1])
        try vectors.run([Batch([1, 2, 3, 4], [2, 2]), Batch([10, 100, 1, 1], [2, 2])]).expect([210, 7])
        // [[1, 2], [3, 4]] along its first axis, by [10, 100].
        let mixed = try LayerTrial("Dot", ["axes": [1, 1]])
        try mixed.run([Batch([1, 2, 3, 4], [1, 2, 2]), Batch([10, 100], [1, 2])]).expect([310, 420])
        let matrices = try LayerTrial("Dot", ["axes": [2, 1]])
        try matrices.run([Batch([1, 2, 3, 4], [1, 2, 2]), Batch([1, 0, 0, 10], [1, 2, 2])]).expect([1, 20, 3, 40])
    }

    @Test(arguments: [KerasVersion.keras2, .keras3])
    func normalizedAreCosines(_ version: KerasVersion) throws {
        let layer = try LayerTrial("Dot", ["axes": 1, "normalize": true], version)
        try layer.run([Batch([3, 4, 0, 0], [2, 2]), Batch([0, 2, 1, 1], [2, 2])]).expect([0.8, 0])
    }

    @Test func othersAreRefused() throws {
        let layer = try LayerTrial("Dot", ["axes": 1])
        #expect(layer.refusal([3], [3], [3]) == ": l (Dot) takes two inputs, but it is called with 3")
        #expect(
            layer.refusal([3], [4])
                == ": l (Dot) can't sum products of 3 and 4 numbers: rows have the shapes [3] and [4], and axes are [1, 1]"
        )
        for axis in [0, 2, -2] {
            #expect(
                try LayerTrial("Dot", ["axes": JSON(axis)]).refusal([3], [3])
                    == "/axes: \(axis) is not an axis of rows of shape [3]; 0 is the batch, which can't be summed over")
        }
        #expect(LayerTrial.faults("Dot", [:]) == ["/axes: is required"])
        #expect(LayerTrial.faults("Dot", ["axes": [1]]) == ["/axes: must have 2 elements, not 1"])
    }
}
