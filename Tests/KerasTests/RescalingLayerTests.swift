import Formats
import OrderedCollections
import Testing

@Suite struct RescalingLayerTests {
    private static let rows = NDArray([1, 2, 3, 4] as [Float], shape: [2, 2])

    /// `x · scale + offset`, with one number for all or one for each of the last axis.
    static let right: [(config: JSON, output: [Double])] = [
        (["scale": 0.5], [0.5, 1, 1.5, 2]), (["scale": 2, "offset": -1], [1, 3, 5, 7]),
        (["scale": [2]], [2, 4, 6, 8]), (["scale": [2, 10], "offset": [1, -1]], [3, 19, 7, 39]),
        (["scale": 0, "offset": [5, 6]], [5, 6, 5, 6]),
        (["scale": ["class_name": "__numpy__", "config": ["value": [2, 10], "dtype": "float64"]]], [2, 20, 6, 40]),
    ]

    @Test(arguments: right.indices) func itIsAProductAndASum(_ index: Int) throws {
        let row = Self.right[index]
        let made = try SmallModel([["Rescaling": row.config]], rows: Self.rows)
        #expect(made.shape == [2, 2])
        #expect(made.output == row.output)
    }

    /// A row may be a single number.
    @Test func numbersAreRescaled() throws {
        let made = try SmallModel([["Rescaling": ["scale": 3, "offset": [1]]]], rows: NDArray([1, 2] as [Float]))
        #expect(made.shape == [2])
        #expect(made.output == [4, 7])
    }

    static let wrong: [(config: JSON, faults: [String])] = [
        ([:], ["/scale: is required"]),
        (["scale": nil, "offset": "1"], ["/scale: is required", "/offset: must be a finite number, not \"1\""]),
        (["scale": []], ["/scale: must have 1 to 1000000 elements, not 0"]),
        (["scale": [1, true]], ["/scale/1: must be a finite number, not true"]),
        (["scale": ["mean": 1]], ["/scale: must be a finite number, not an object"]),
        (["scale": 1, "ofset": 1], ["/ofset: is not a known field; did you mean \"offset\"?"]),
        (
            ["scale": 1, "offset": [1, 2, 3]],
            [
                ": offset has 3 numbers, but a row of its input has the shape [2]: give one number, or one for each of the "
                    + "last axis"
            ]
        ),
        (
            ["scale": [1, 2, 3]],
            [
                ": scale has 3 numbers, but a row of its input has the shape [2]: give one number, or one for each of the "
                    + "last axis"
            ]
        ),
    ]

    @Test(arguments: wrong.indices) func isRefused(_ index: Int) {
        let row = Self.wrong[index]
        let job = SmallJob.with("model", [["Rescaling": row.config], ["Dense": ["units": 3]]])
        #expect(job.faults == row.faults.map { $0.hasPrefix(":") ? "/model/0\($0)" : "/model/0/Rescaling\($0)" })
    }
}
