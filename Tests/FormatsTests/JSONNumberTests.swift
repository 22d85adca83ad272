import Formats
import TestSupport
import Testing

@Suite struct JSONNumberTests {
    static let whole: [(String, Int?)] = [
        ("0", 0), ("-0", 0), ("128.0", 128), ("1.28e2", 128), ("1280e-1", 128), ("1285e-1", nil), ("0.5", nil),
        ("9223372036854775807", .max), ("9223372036854775808", nil), ("-9223372036854775808", .min),
        ("-9223372036854775809", nil), ("9.223372036854775807e18", .max), ("1e19", nil), ("1e999999999999999999", nil),
        ("0e999999999999999999", 0), ("1e-999999999999999999", nil), ("0.000e-5", 0),
        ("1e18", 1_000_000_000_000_000_000),
    ]

    @Test(arguments: whole) func convertsExactly(lexeme: String, int: Int?) throws {
        #expect(try JSON(parsing: lexeme).int == int)
    }

    @Test func convertsToTheNearestDouble() throws {
        #expect(try JSON(parsing: "0.1").double == 0.1)
        #expect(try JSON(parsing: "9007199254740993").double == 9007199254740992)
        #expect(try JSON(parsing: "4.9e-324").double == .leastNonzeroMagnitude)
        #expect(try JSON(parsing: "1e400").double == nil)
        #expect(try JSON(parsing: "-1e400").double == nil)
        #expect(JSON(Double.nan).isNull)
        #expect(JSON(1.5).text == "1.5")
    }

    /// Whole numbers of any size and form are converted exactly.
    @Test func readsEveryFormOfAWholeNumber() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("numbers of seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<1000 {
            // Zeros behind a zero would be a leading zero.
            let drawn = Int(truncatingIfNeeded: random.next()) >> random.below(64)
            let value = drawn == 0 ? 1 : drawn
            let zeros = random.below(6)
            let forms = [
                "\(value)", "\(value).\(String(repeating: "0", count: zeros + 1))",
                "\(value)\(String(repeating: "0", count: zeros))e-\(zeros)",
            ]
            for form in forms { #expect(try JSON(parsing: form).int == value, "\(form), seed \(seed)") }
            #expect(try JSON(parsing: "\(value).5").int == nil)
        }
    }

    @Test func unsignedNumbersHaveTheirOwnRange() throws {
        #expect(try JSON(parsing: "18446744073709551615").number?.uint64 == .max)
        #expect(try JSON(parsing: "18446744073709551616").number?.uint64 == nil)
        #expect(try JSON(parsing: "-1").number?.uint64 == nil)
        #expect(try JSON(parsing: "1.0e1").number?.uint64 == 10)
    }
}
