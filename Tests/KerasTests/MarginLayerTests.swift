import Formats
import OrderedCollections
import Testing

@Suite struct MarginLayerTests {
    @Test func zerosAreAdded() throws {
        try LayerTrial("ZeroPadding1D", ["padding": [1, 2]]).run([5, 6], [1, 2, 1]).expect([0, 5, 6, 0, 0])
        try LayerTrial("ZeroPadding2D", ["padding": [[1, 0], [0, 1]]]).run([5, 6], [1, 1, 2, 1])
            .expect([0, 0, 0, 5, 6, 0])
        #expect(try LayerTrial("ZeroPadding3D", ["padding": [0, 1, 2]]).shape([1, 1, 1, 4]) == [1, 3, 5, 4])
    }

    @Test func cellsAreTakenAway() throws {
        try LayerTrial("Cropping1D", ["cropping": [2, 0]]).run([1, 2, 3, 4, 5, 6], [1, 3, 2]).expect([5, 6])
        try LayerTrial("Cropping2D", ["cropping": [[1, 0], [0, 1]]]).run([1, 2, 3, 4], [1, 2, 2, 1]).expect([3])
        #expect(try LayerTrial("Cropping3D").shape([3, 4, 5, 2]) == [1, 2, 3, 2])
    }

    @Test func oneCellMustStay() throws {
        let layer = try LayerTrial("Cropping1D", ["cropping": [2, 1]])
        #expect(
            layer.refusal([3, 2])
                == ": l (Cropping1D) crops 3 cells along axis 1, but rows of shape [3, 2] have 3: at least one must stay"
        )
        #expect(try layer.shape([4, 2]) == [1, 2])
        #expect(layer.refusal([3]) != nil)
    }

    @Test func sizesSaturate() throws {
        let layer = try LayerTrial("ZeroPadding1D", ["padding": 1_073_741_824])
        #expect(try layer.shape([.max, 1]) == [.max, 1])
    }
}
