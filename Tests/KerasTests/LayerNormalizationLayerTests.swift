import Formats
import Keras
import OrderedCollections
import Testing

@Suite struct LayerNormalizationLayerTests {
    @Test func variablesAndShapes() throws {
        let layer = try LayerTrial("LayerNormalization", ["axis": [1, 2]])
        #expect(try layer.variables([4, 3]) == ["gamma [4, 3]", "beta [4, 3]"])
        #expect(try layer.shape([4, 3]) == [4, 3])
        #expect(try LayerTrial("LayerNormalization", ["scale": false]).variables([4, 3]) == ["beta [3]"])
        #expect(try LayerTrial("LayerNormalization", ["center": false]).variables([4, 3]) == ["gamma [3]"])
    }

    @Test func eachRowByItself() throws {
        let layer = try LayerTrial("LayerNormalization", ["epsilon": 0])
        try layer.run([1, 5, 20, 10], [2, 2], variables: ["gamma": [10, 1], "beta": [0.5, 0]])
            .expect([-9.5, 1, 10.5, -1])
    }

    @Test func epsilonIsAThousandth() throws {
        let unit = 2 / 4.001.squareRoot()
        try LayerTrial("LayerNormalization").run([1, 5], [1, 2]).expect([-unit, unit])
        try LayerTrial("LayerNormalization", [:], .keras2).run([1, 5], [1, 2]).expect([-unit, unit])
    }

    @Test func alongOtherAxes() throws {
        // Rows [[1, 0], [5, 10]] along their first axis: 1 and 5, 0 and 10.
        try LayerTrial("LayerNormalization", ["axis": 1, "epsilon": 0])
            .run([1, 0, 5, 10], [1, 2, 2], variables: ["gamma": [1, 2], "beta": [0, 1]])
            .expect([-1, -1, 3, 3])
        // All four numbers of 1, 3, 3, 5 together.
        let unit = 2 / 2.0.squareRoot()
        try LayerTrial("LayerNormalization", ["axis": [1, 2], "epsilon": 0])
            .run([1, 3, 3, 5], [1, 2, 2], variables: ["gamma": [1, 1, 1, 2], "beta": [0, 0, 1, 0]])
            .expect([-unit, 0, 1, 2 * unit])
    }

    @Test func othersAreRefused() {
        #expect(LayerTrial.faults("LayerNormalization", ["rms_scaling": false]) == [])
        #expect(
            LayerTrial.faults("LayerNormalization", ["rms_scaling": true]) == [
                "/rms_scaling: is not supported yet: use RMSNormalization"
            ])
        #expect(LayerTrial.faults("LayerNormalization", ["axis": []]) == ["/axis: must name at least one axis"])
    }
}
