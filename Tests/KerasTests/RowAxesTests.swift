import Formats
import OrderedCollections
import Testing

/// Axes in configurations, by the layers that have them.
@Suite struct RowAxesTests {
    @Test(
        arguments: [
            (-1, [4]), ([-1], [4]), (3, [4]), ([3], [4]), ([2, 3], [3, 4]), ([-2, -1], [3, 4]), ([1, -1], [2, 4]),
            (1, [2]),
        ] as [(JSON, [Int])])
    func countAsKerasDoes(_ axis: JSON, _ shape: [Int]) throws {
        let layer = try LayerTrial("LayerNormalization", ["axis": axis])
        #expect(try layer.variables([2, 3, 4]) == ["gamma \(shape)", "beta \(shape)"])
    }

    @Test func lastByDefault() throws {
        #expect(try LayerTrial("LayerNormalization").variables([2, 3]) == ["gamma [3]", "beta [3]"])
    }

    @Test(arguments: [[0], [4], [-4], [1, 1], [1, -3]])
    func othersAreRefused(_ axes: [Int]) throws {
        let layer = try LayerTrial("LayerNormalization", ["axis": .array(axes.map { JSON($0) })])
        #expect(
            layer.refusal([2, 3, 4])
                == "/axis: \(axes) are not axes of what l (LayerNormalization) takes: a row has the shape [2, 3, 4], its "
                + "axes are 1 to 3 or -3 to -1; 0 is the batch")
    }

    @Test func variablesNeedAscendingAxes() throws {
        #expect(
            try LayerTrial("LayerNormalization", ["axis": [2, 1]]).refusal([2, 3, 4])
                == "/axis: must name the axes in ascending order, not [2, 1]")
        #expect(try LayerTrial("UnitNormalization", ["axis": [2, 1]]).refusal([2, 3, 4]) == nil)
    }

    @Test func wrongValuesAreFaults() {
        #expect(
            LayerTrial.faults("LayerNormalization", ["axis": "a"]) == [
                "/axis: must be a whole number from -8 to 8, not \"a\""
            ])
        #expect(
            LayerTrial.faults("LayerNormalization", ["axis": [1, 9]]) == [
                "/axis/1: must be a whole number from -8 to 8, not 9"
            ])
    }
}
