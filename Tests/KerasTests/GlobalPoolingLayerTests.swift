import Formats
import OrderedCollections
import Testing

@Suite struct GlobalPoolingLayerTests {
    private let cells: [Double] = [1, 8, 2, 7, 3, 6, 4, 9]

    @Test(
        arguments: [
            ("GlobalMaxPooling2D", [4.0, 9]), ("GlobalMaxPool2D", [4, 9]), ("GlobalAveragePooling2D", [2.5, 7.5]),
            ("GlobalAvgPool2D", [2.5, 7.5]),
        ] as [(String, [Double])])
    func eachChannelIsOneNumber(_ className: String, _ expected: [Double]) throws {
        let layer = try LayerTrial(className)
        #expect(try layer.shape([2, 2, 2]) == [2])
        try layer.run(cells, [1, 2, 2, 2]).expect(expected)
        let kept = try LayerTrial(className, ["keepdims": true])
        #expect(try kept.shape([2, 2, 2]) == [1, 1, 2])
        try kept.run(cells, [1, 2, 2, 2]).expect(expected)
    }

    @Test func otherNumbersOfAxes() throws {
        try LayerTrial("GlobalMaxPooling1D").run(cells, [1, 4, 2]).expect([4, 9])
        try LayerTrial("GlobalAveragePooling3D").run(cells, [1, 2, 1, 2, 2]).expect([2.5, 7.5])
        #expect(
            try LayerTrial("GlobalAveragePooling1D").refusal([2, 2, 2])
                == ": l (GlobalAveragePooling1D) takes rows of 2 axes, the last of them the channels, but its rows have "
                + "the shape [2, 2, 2]")
    }

    @Test func maskedStepsDoNotCount() throws {
        let mask = LayerTrial.Batch([1, 0, 1, 0], [1, 4])
        let layer = try LayerTrial("GlobalAveragePooling1D")
        try layer.run(cells, [1, 4, 2], mask: mask).expect([2, 7])
        let kept = try LayerTrial("GlobalAveragePooling1D", ["keepdims": true])
        let outcome = try kept.run(cells, [1, 4, 2], mask: mask)
        outcome.expect([2, 7])
        #expect(outcome.shape == [1, 1, 2])
        // The largest step is that of all.
        try LayerTrial("GlobalMaxPooling1D").run(cells, [1, 4, 2], mask: mask).expect([4, 9])
    }
}
