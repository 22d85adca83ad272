import Graph
import Testing

@Suite struct TensorTypeSpatialTests {
    @Test func axesLieBetweenBatchAndChannels() {
        let images = TensorType(.float32, [5, 7, 11, 3])
        #expect(images.spatial == [7, 11] && images.cells == 77 && images.channels == 3)
        let rows = TensorType(.float32, [5, 3])
        #expect(rows.spatial == [] && rows.cells == 1 && rows.channels == 3)
        let one = TensorType(.float32, [5])
        #expect(one.spatial == [] && one.cells == 1 && one.channels == 5)
        #expect(TensorType(.float32, []).spatial == [])
        #expect(TensorType(.float32, [2, 0, 4, 1]).cells == 0)
        #expect(TensorType(.float32, [1, .max, 2, 1]).cells == .max)
    }
}
