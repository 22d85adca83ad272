import Formats
import OrderedCollections
import Testing

@Suite struct NormalizationLayerTests {
    @Test func numbersOfTheConfiguration() throws {
        let one = try LayerTrial("Normalization", ["mean": 3, "variance": 4])
        #expect(try one.variables([2]) == [])
        try one.run([3, 7, -1, 4], [2, 2]).expect([0, 2, -2, 0.5])
        let each = try LayerTrial("Normalization", ["mean": [3, 0], "variance": [4, 0.25]])
        try each.run([3, 7, -1, 4], [2, 2]).expect([0, 14, -2, 8])
        let all = try LayerTrial("Normalization", ["axis": nil, "mean": 3, "variance": 4])
        try all.run([3, 7], [1, 2]).expect([0, 2])
        let middle = try LayerTrial("Normalization", ["axis": 1, "mean": [3, 0], "variance": [4, 1]])
        try middle.run([3, 7, 3, 7], [1, 2, 2]).expect([0, 2, 3, 7])
    }

    @Test func theInverse() throws {
        try LayerTrial("Normalization", ["mean": 3, "variance": 4, "invert": true]).run([0, 2], [1, 2]).expect([3, 7])
    }

    @Test func numbersThatComeAsVariables() throws {
        let layer = try LayerTrial("Normalization", ["axis": [-1], "mean": nil, "variance": nil])
        #expect(try layer.variables([4, 2]) == ["(mean [2])", "(variance [2])", "(count [])"])
        try layer.run([3, 7], [1, 2], variables: ["mean": [1, 2], "variance": [4, 25]]).expect([1, 1])
        try layer.run([3, 7], [1, 2]).expect([3, 7])
        let all = try LayerTrial("Normalization", ["axis": []])
        #expect(try all.variables([4, 2]) == ["(mean [])", "(variance [])", "(count [])"])
    }

    @Test func aVarianceOfNothingDoesNotDivideByZero() throws {
        try LayerTrial("Normalization", ["mean": 0, "variance": 0]).run([1e-7], [1, 1]).expect([1])
    }

    @Test func othersAreRefused() throws {
        #expect(
            LayerTrial.faults("Normalization", ["mean": 1]) == [
                "/variance: is required: give both mean and variance, or neither"
            ])
        #expect(
            LayerTrial.faults("Normalization", ["variance": 1]) == [
                "/mean: is required: give both mean and variance, or neither"
            ])
        #expect(
            LayerTrial.faults("Normalization", ["mean": [1, 2], "variance": 1]) == [
                "/variance: must have as many numbers as mean, 2, not 1"
            ])
        #expect(LayerTrial.faults("Normalization", ["mean": 1, "variance": -1]).count == 1)
        #expect(
            try LayerTrial("Normalization", ["mean": [1, 2], "variance": [1, 2]]).refusal([3])
                == "/mean: has 2 numbers, but a row of l's input has the shape [3], and axis is [-1]: expected one number, "
                + "or 3")
    }
}
