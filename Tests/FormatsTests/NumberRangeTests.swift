import Formats
import Testing

@Suite struct NumberRangeTests {
    static let rows: [(NumberRange, String, inside: [Double], outside: [Double])] = [
        (.any, "a finite number", [0, -1e308, .greatestFiniteMagnitude], []),
        (.positive, "a positive number", [.leastNonzeroMagnitude, 1], [0, -0.0, -1]),
        (.positive(upTo: 10), "a positive number of at most 10", [1e-9, 10], [0, 10.000001]),
        (.notNegative, "a number of at least 0", [0, -0.0, 1e9], [-.leastNonzeroMagnitude]),
        (.from(0, to: 1), "a number from 0 to 1", [0, 0.5, 1], [-0.1, 1.0000001]),
        (.from(0.5, below: 1), "a number from 0.5 to below 1", [0.5, 1 - 1e-12], [0.49, 1]),
        (.atLeast(-2.5), "a number of at least -2.5", [-2.5, 7], [-2.6]),
    ]

    @Test(arguments: rows.indices) func endsAreInOrOut(_ index: Int) {
        let (range, words, inside, outside) = Self.rows[index]
        #expect(range.description == words)
        for value in inside { #expect(range.contains(value), "\(value)") }
        for value in outside { #expect(!range.contains(value), "\(value)") }
        #expect(!range.contains(.nan))
    }

    @Test func listsReadAsASentence() {
        #expect(([] as [String]).inWords == "")
        #expect(["a"].inWords == "a")
        #expect(["a", "b", "c"].inWords == "a, b or c")
    }

    @Test func valuesReadAsTheEndOfASentence() {
        let long = String(repeating: "x", count: 100)
        for (json, words) in [
            (nil, "null"), (true, "true"), (1.5, "1.5"), ("a\n", "\"a\\n\""), ([1], "a list"), (["a": 1], "an object"),
            (.string(long), "\"\(String(repeating: "x", count: 40))…\""),
        ] as [(JSON, String)] { #expect(json.inWords == words) }
    }
}
