import Formats
import OrderedCollections
import Testing

@Suite struct GroupNormalizationLayerTests {
    @Test func variablesAndShapes() throws {
        let layer = try LayerTrial("GroupNormalization", ["groups": 2])
        #expect(try layer.variables([4, 5, 6]) == ["gamma [6]", "beta [6]"])
        #expect(try layer.shape([4, 5, 6]) == [4, 5, 6])
        #expect(try LayerTrial("GroupNormalization", ["groups": 2, "scale": false]).variables([6]) == ["beta [6]"])
    }

    /// Channels 0 and 1 have 1, 3, 3 and 5, channels 2 and 3 ten times as much.
    @Test func groupsOfNeighbours() throws {
        let layer = try LayerTrial("GroupNormalization", ["groups": 2, "epsilon": 0])
        let unit = 2 / 2.0.squareRoot()
        let outcome = try layer.run(
            [1, 3, 10, 30, 3, 5, 30, 50], [1, 2, 4], variables: ["gamma": [1, 1, 1, 2], "beta": [0, 0, 1, 0]])
        outcome.expect([-unit, 0, 1 - unit, 0, 0, unit, 1, 2 * unit])
    }

    @Test func oneOfEachChannel() throws {
        for groups in [-1, 2] as [JSON] {
            let layer = try LayerTrial("GroupNormalization", ["groups": groups, "epsilon": 0])
            try layer.run([1, 20, 5, 0], [1, 2, 2]).expect([-1, 1, 1, -1])
        }
    }

    @Test func alongAnotherAxis() throws {
        let layer = try LayerTrial("GroupNormalization", ["groups": 2, "axis": 1, "epsilon": 0])
        try layer.run([1, 5, 20, 0], [1, 2, 2], variables: ["gamma": [1, 2], "beta": [0, 1]]).expect([-1, 1, 3, -1])
    }

    @Test func groupsMustDivide() throws {
        #expect(
            try LayerTrial("GroupNormalization", ["groups": 4]).refusal([6])
                == "/groups: must divide the channels of l's input, 6, not 4")
        // 32 by default, as Keras has it.
        #expect(
            try LayerTrial("GroupNormalization").refusal([6])
                == "/groups: must divide the channels of l's input, 6, not 32")
        #expect(try LayerTrial("GroupNormalization").refusal([64]) == nil)
        #expect(
            LayerTrial.faults("GroupNormalization", ["groups": 0]) == [
                "/groups: must be a number of groups, or -1 for one of each channel, not 0"
            ])
        #expect(LayerTrial.faults("GroupNormalization", ["axis": [1, 2]]) == ["/axis: must be one axis"])
    }
}
