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

    @Test func otherInterpolationsAreRefused() {
        #expect(LayerTrial.faults("UpSampling2D", ["interpolation": "nearest"]) == [])
        #expect(
            LayerTrial.faults("UpSampling2D", ["interpolation": "bilinear"]) == [
                "/interpolation: is not supported yet: this version has \"nearest\""
            ])
        #expect(LayerTrial.faults("UpSampling1D", ["size": 0]).first?.hasPrefix("/size: must be") == true)
    }

    @Test func sizesSaturate() throws {
        let layer = try LayerTrial("UpSampling1D", ["size": 2_147_483_647])
        #expect(try layer.shape([.max, 3]) == [.max, 3])
        #expect(layer.refusal([3]) != nil)
    }
}
