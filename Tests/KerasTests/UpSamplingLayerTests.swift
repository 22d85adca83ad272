import Formats
import OrderedCollections
import Testing

@Suite struct UpSamplingLayerTests {
    @Test func cellsAreRepeated() throws {
        try LayerTrial("UpSampling1D").run([1, 2, 3, 4], [1, 2, 2]).expect([1, 2, 1, 2, 3, 4, 3, 4])
        try LayerTrial("UpSampling2D", ["size": [2, 1]]).run([1, 2], [1, 1, 2, 1]).expect([1, 2, 1, 2])
        try LayerTrial("UpSampling2D", ["size": [1, 3]]).run([1, 2], [1, 1, 2, 1]).expect([1, 1, 1, 2, 2, 2])
        try LayerTrial("UpSampling2D").run([1, 2, 3, 4], [1, 2, 2, 1])
            .expect([1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4])
        try LayerTrial("UpSampling2D", ["size": 2]).run([1, 2], [2, 1, 1, 1]).expect([1, 1, 1, 1, 2, 2, 2, 2])
        #expect(try LayerTrial("UpSampling3D", ["size": [1, 2, 3]]).shape([2, 2, 2, 5]) == [2, 4, 6, 5])
    }

    /// Numbers by `tf.image.resize` with half-pixel centres: the ends are the outer cells.
    @Test func cellsAreOnLines() throws {
        func layer(_ size: JSON) throws -> LayerTrial {
            try LayerTrial("UpSampling2D", ["size": size, "interpolation": "bilinear"])
        }
        try layer([1, 2]).run([1, 2], [1, 1, 2, 1]).expect([1, 1.25, 1.75, 2])
        try layer([3, 1]).run([0, 3, 6], [1, 3, 1, 1]).expect([0, 0, 1, 2, 3, 4, 5, 6, 6])
        try layer(2).run([0, 4, 8, 12], [1, 2, 2, 1])
            .expect([0, 1, 3, 4, 2, 3, 5, 6, 6, 7, 9, 10, 8, 9, 11, 12])
        // One cell has no neighbour; channels are apart.
        try layer(2).run([5, 7], [1, 1, 1, 2]).expect([5, 7, 5, 7, 5, 7, 5, 7])
    }

    @Test func otherInterpolationsAreRefused() {
        for known in ["nearest", "bilinear"] as [JSON] {
            #expect(LayerTrial.faults("UpSampling2D", ["interpolation": known]) == [])
        }
        #expect(
            LayerTrial.faults("UpSampling2D", ["interpolation": "bicubic"]) == [
                "/interpolation: bicubic is not supported yet; this version has \"nearest\" or \"bilinear\""
            ])
        #expect(
            LayerTrial.faults("UpSampling2D", ["interpolation": "bilinear", "size": 1001]) == [
                "/size: must be at most 1000 with bilinear interpolation, not 1001"
            ])
        #expect(LayerTrial.faults("UpSampling1D", ["size": 0]).first?.hasPrefix("/size: must be") == true)
    }

    @Test func sizesSaturate() throws {
        let layer = try LayerTrial("UpSampling1D", ["size": 2_147_483_647])
        #expect(try layer.shape([.max, 3]) == [.max, 3])
        #expect(layer.refusal([3]) != nil)
    }
}
