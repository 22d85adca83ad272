import Formats
import OrderedCollections
import Testing

@Suite struct PReLULayerTests {
    @Test func slopesAreVariables() throws {
        let layer = try LayerTrial("PReLU")
        #expect(try layer.variables([2, 3]) == ["alpha [2, 3]"])
        let outcome = try layer.run([-2, 4, -2, 4], [2, 2], variables: ["alpha": [0.5, 0.25]])
        outcome.expect([-1, 4, -1, 4])
        #expect(try layer.run([-2, 4], [1, 2]).variables["alpha"] == [0, 0])
    }

    @Test func axesMayShareTheirSlopes() throws {
        let layer = try LayerTrial("PReLU", ["shared_axes": [2, 1]])
        #expect(try layer.variables([2, 3, 4]) == ["alpha [1, 1, 4]"])
        #expect(try LayerTrial("PReLU", ["shared_axes": 1]).variables([2, 3]) == ["alpha [1, 3]"])
        try LayerTrial("PReLU", ["shared_axes": [1]])
            .run([-1, -1, -2, -2], [1, 2, 2], variables: ["alpha": [1, 10]]).expect([-1, -10, -2, -20])
    }

    @Test func othersAreRefused() throws {
        #expect(
            LayerTrial.faults("PReLU", ["shared_axes": [-1]]) == [
                "/shared_axes: must count axes from 1, behind the batch, not -1"
            ])
        #expect(try LayerTrial("PReLU", ["shared_axes": [3]]).refusal([2, 2])?.hasPrefix("/shared_axes: ") == true)
    }
}
