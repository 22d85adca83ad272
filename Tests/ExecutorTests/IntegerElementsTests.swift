import Executor
import Graph
import Testing
import TestSupport

/// Whole numbers of every width against arithmetic in 128 bits, of which the lower ones are kept.
struct IntegerElementsTests {
    private static let types = DType.allCases.filter(\.isInteger)

    /// The lower bits of a number as the type has them.
    private static func wrapped(_ value: Int128, _ dtype: DType) -> Int64 {
        let bits = 8 * dtype.size
        let low = value & ((1 << bits) - 1)
        return Int64(dtype.bounds.least < 0 && low >> (bits - 1) == 1 ? low - (1 << bits) : low)
    }

    private static func exact(_ op: BinaryOp, _ a: Int128, _ b: Int128, _ dtype: DType) -> Int128 {
        switch op {
        case .add: a + b
        case .subtract: a - b
        case .multiply: a &* b
        case .divide: b == 0 ? -1 : a / b
        case .remainder: b == 0 ? a : a % b
        case .maximum: max(a, b)
        case .minimum: min(a, b)
        case .squaredDifference: (a - b) &* (a - b)
        case .power:
            // By repeated multiplication; the exponents that are drawn are small or have a base whose powers repeat.
            b < 0
                ? (a == 1 ? 1 : a == -1 ? (b % 2 == 0 ? 1 : -1) : 0)
                : b > 64
                    ? (a % 2 == 0 ? 0 : a == 1 ? 1 : b % 2 == 0 ? 1 : a)
                    : (0..<Int(b)).reduce(1) { power, _ in Int128(wrapped(power &* a, dtype)) }
        }
    }

    private static func numbers(_ dtype: DType, _ random: inout SeededGenerator) -> [Int64] {
        let (least, most) = dtype.bounds
        let drawn = (0..<6).map { _ in Int64.random(in: least...most, using: &random) }
        return [least, least + 1, most, most - 1, 0, 1, 2, 3] + (least < 0 ? [-1, -2, -3] : []) + drawn
    }

    @Test(arguments: ExecutorUnderTest.all, types)
    func operationsOfTwo(executor: ExecutorUnderTest, dtype: DType) throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededGenerator(seed: seed)
        let numbers = Self.numbers(dtype, &random)
        let pairs = numbers.flatMap { a in numbers.map { (a, $0) } }
        let x = Literal(type: TensorType(dtype, [pairs.count]), integers: pairs.map(\.0))
        let y = Literal(type: TensorType(dtype, [pairs.count]), integers: pairs.map(\.1))
        let ops = BinaryOp.allCases
        for result in try OneStep.results(executor, [x, y], { x in ops.map { x[0].builder.add(.binary($0), x) } }) {
            for (op, values) in zip(ops, result) {
                for ((a, b), value) in zip(pairs, values.integers) {
                    // The powers of large odd numbers take more than this arithmetic to tell.
                    if op == .power, b > 64, ![0, 1, -1].contains(a) { continue }
                    let expected = Self.wrapped(Self.exact(op, Int128(a), Int128(b), dtype), dtype)
                    #expect(value == expected, "\(dtype), \(op) of \(a) and \(b), seed \(seed)")
                }
            }
        }
    }

    @Test(arguments: ExecutorUnderTest.all, types)
    func operationsOfOne(executor: ExecutorUnderTest, dtype: DType) throws {
        var random = SeededGenerator(seed: 2)
        let numbers = Self.numbers(dtype, &random)
        let x = Literal(type: TensorType(dtype, [numbers.count]), integers: numbers)
        let results = try OneStep.results(executor, [x]) { x in
            [-x[0], x[0].abs(), x[0].sign(), x[0].relu()]
        }
        for result in results {
            #expect(result[0].integers == numbers.map { Self.wrapped(-Int128($0), dtype) })
            // The smallest number has no opposite; it stays.
            #expect(result[1].integers == numbers.map { Self.wrapped(abs(Int128($0)), dtype) })
            #expect(result[2].integers == numbers.map { $0.signum() })
            #expect(result[3].integers == numbers.map { max($0, 0) })
        }
    }

    @Test(arguments: ExecutorUnderTest.all)
    func largePowersWrapAsRepeatedMultiplication(executor: ExecutorUnderTest) throws {
        let (bases, exponents): ([Int64], [Int64]) = ([3, -3, 7, 2, 2, 0], [63, 101, 64, 63, 64, 0])
        let expected = zip(bases, exponents).map { base, exponent in
            (0..<exponent).reduce(1 as Int64) { power, _ in power &* base }
        }
        let operands = [bases, exponents].map { Literal(type: TensorType(.int64, [6]), integers: $0) }
        for result in try OneStep.results(executor, operands, { [$0[0].pow($0[1])] }) {
            #expect(result[0].integers == expected)
        }
    }
}
