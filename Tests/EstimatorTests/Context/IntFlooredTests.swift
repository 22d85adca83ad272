import Estimator
import TestSupport
import Testing

/// Python's `//` and `%`.
@Suite struct IntFlooredTests {
    @Test(arguments: [
        (7, 2, 3, 1), (-7, 2, -4, 1), (8, 8, 1, 0), (-8, 8, -1, 0), (0, 3, 0, 0), (-1, 8, -1, 7),
        (Int.min, 8, Int.min / 8, 0), (Int.max, 1, Int.max, 0), (Int.min, .max, -2, Int.max - 1),
    ])
    func table(number: Int, divisor: Int, quotient: Int, remainder: Int) {
        #expect(number.floored(by: divisor) == quotient)
        #expect(number.modulo(divisor) == remainder)
    }

    @Test func quotientAndRemainderGoTogether() {
        let seed: UInt64 = 71
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let number = Int.random(in: -1_000_000...1_000_000, using: &random)
            let divisor = Int.random(in: 1...1000, using: &random)
            let (quotient, remainder) = (number.floored(by: divisor), number.modulo(divisor))
            #expect(quotient * divisor + remainder == number, "seed \(seed): \(number) by \(divisor)")
            #expect((0..<divisor).contains(remainder), "seed \(seed): \(number) by \(divisor)")
        }
    }
}
