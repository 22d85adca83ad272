import Formats
import OrderedCollections
import Testing

@Suite struct ModelInputTests {
    private static func faults(_ shape: JSON, rows: [Int]) -> [String] {
        SmallJob.with("model", [["InputLayer": ["shape": shape]], ["Flatten": [:]], ["Dense": ["units": 3]]])
            .with(features: rows).faults
    }

    /// Rows are taken where each extent that is said is theirs.
    @Test func rowsAreHeldAgainstTheShape() {
        let taken: [(JSON, [Int])] = [
            ([2, 3], [2, 3]), ([nil, 3], [7, 3]), ([2, nil], [2, 1]), ([nil, nil], [4, 5]), (nil, [1, 2, 3]),
        ]
        for (shape, rows) in taken { #expect(Self.faults(shape, rows: rows) == [], "\(shape) \(rows)") }
        let refused: [(JSON, [Int], String)] = [
            ([2, 3], [3, 2], "[2, 3]"), ([nil, 3], [3, 7], "[null, 3]"), ([nil], [2, 3], "[null]"),
            ([2, 3, nil], [2, 3], "[2, 3, null]"),
        ]
        for (shape, rows, words) in refused {
            #expect(
                Self.faults(shape, rows: rows).first
                    == "/train/input: gives rows of shape \(rows), but the model takes \(words) (/model/0/InputLayer/shape); a "
                    + "reshape in map helps where the counts agree")
        }
    }

    /// An input layer casts to its type before anything is computed; without one, all become float32.
    @Test func rowsAreCast() throws {
        func output(_ type: JSON, _ rows: NDArray) throws -> [Double] {
            try SmallModel(
                [["InputLayer": ["shape": [2], "dtype": type]], ["Rescaling": ["scale": 0.5]]], rows: rows
            ).output
        }
        let fractions = NDArray([1.75, -1.75] as [Float], shape: [1, 2])
        #expect(try output("float32", fractions) == [0.875, -0.875])
        #expect(try output(nil, fractions) == [0.875, -0.875])
        #expect(try output("int32", fractions) == [0.5, -0.5])
        #expect(try output("bool", fractions) == [0.5, 0.5])
        #expect(try output("uint8", NDArray([3, 255] as [Int32], shape: [1, 2])) == [1.5, 127.5])
        #expect(
            try SmallModel([["Rescaling": ["scale": 0.5]]], rows: NDArray([0.1, 3] as [Double], shape: [1, 2])).output
                == [Double(Float(0.1) * 0.5), 1.5])
    }
}
