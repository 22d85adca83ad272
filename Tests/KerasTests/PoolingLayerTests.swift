import Formats
import Keras
import OrderedCollections
import Testing

@Suite struct PoolingLayerTests {
    @Test(
        arguments: [
            ("MaxPooling1D", [:], [3.0, 5]), ("MaxPooling1D", ["padding": "same"], [3, 5, 4]),
            ("MaxPooling1D", ["strides": 1], [3, 3, 5, 5]), ("MaxPool1D", ["pool_size": 3], [3]),
            ("AveragePooling1D", [:], [2, 3.5]), ("AveragePooling1D", ["padding": "same"], [2, 3.5, 4]),
            // Cells of padding don't count.
            (
                "AvgPool1D", ["pool_size": 3, "strides": 1, "padding": "same"],
                [2, 2, 10.0 / 3, 11.0 / 3, 4.5]
            ),
        ] as [(String, JSON, [Double])])
    func alongOneAxis(_ className: String, _ config: JSON, _ expected: [Double]) throws {
        try LayerTrial(className, config).run([1, 3, 2, 5, 4], [1, 5, 1]).expect(expected)
    }

    @Test func channelsStayApart() throws {
        try LayerTrial("MaxPooling2D").run([1, 8, 2, 7, 3, 6, 4, 5], [1, 2, 2, 2]).expect([4, 8])
        try LayerTrial("AveragePooling2D").run([1, 8, 2, 7, 3, 6, 4, 5], [1, 2, 2, 2]).expect([2.5, 6.5])
        #expect(try LayerTrial("MaxPooling3D").shape([4, 5, 6, 7]) == [2, 2, 3, 7])
    }

    @Test func negativeCellsAreLargerThanPadding() throws {
        try LayerTrial("MaxPooling1D", ["padding": "same"]).run([-1, -3, -2], [1, 3, 1]).expect([-1, -2])
    }

    @Test func keysOfBothVersionsAreKnown() {
        let config: JSON = [
            "pool_size": [2, 2], "padding": "valid", "strides": [2, 2], "data_format": "channels_last",
        ]
        #expect(LayerTrial.faults("MaxPooling2D", config) == [])
        #expect(LayerTrial.faults("AveragePooling2D", config, .keras2) == [])
    }

    @Test func smallRowsAreRefused() throws {
        #expect(
            try LayerTrial("MaxPooling2D").refusal([1, 5, 2])
                == ": l (MaxPooling2D) covers 2 cells along axis 1, but rows of shape [1, 5, 2] have 1: make it smaller, "
                + "or give padding \"same\"")
    }
}
