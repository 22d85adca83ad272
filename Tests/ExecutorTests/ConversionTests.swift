import Executor
import Graph
import Testing
import TestSupport

/// Conversions between all pairs of types against the rule of literals, which is written apart.
struct ConversionTests {
    private static let wholes: [Int64] = [
        .min, .min + 1, -(1 << 53) - 1, -2_147_483_649, -32_769, -129, -128, -1, 0, 1, 127, 128, 255, 256, 65_535,
        65_536, 2_147_483_647, 2_147_483_648, 1 << 53 + 1, .max,
    ]
    private static let reals: [Double] = [
        0, -0.0, 0.3, -0.3, 0.5, 1.5, -1.5, 254.9, 255.5, -128.9, 32_767.5, 3e9, -3e9, 1e30, -1e30, .nan, .infinity,
        -.infinity, 16_777_217, .leastNonzeroMagnitude,
    ]

    /// The edges and drawn numbers, more than are converted at a time.
    private static func literal(_ dtype: DType, _ random: inout SeededGenerator) -> Literal {
        let type = TensorType(dtype, [5, 31])
        guard dtype.isFloating else {
            let drawn = (0..<(type.count - wholes.count)).map { _ in Int64.random(in: -70_000...70_000, using: &random)
            }
            return Literal(type: type, integers: wholes + drawn)
        }
        let drawn = (0..<(type.count - reals.count)).map { _ in Double.random(in: -400...400, using: &random) }
        return Literal(type: type, doubles: reals + drawn)
    }

    @Test(arguments: ExecutorUnderTest.all, DType.allCases)
    func everyPairOfTypes(executor: ExecutorUnderTest, from: DType) throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededGenerator(seed: seed)
        let x = Self.literal(from, &random)
        let targets = DType.allCases.filter { $0 != from }
        for results in try OneStep.results(executor, [x], { x in targets.map { x[0].cast(to: $0) } }) {
            for (to, result) in zip(targets, results) {
                let type = TensorType(to, x.type.shape)
                let expected =
                    from.isFloating
                    ? Literal(type: type, doubles: x.doubles) : Literal(type: type, integers: x.integers)
                #expect(result == expected, "seed \(seed), \(from) to \(to)")
            }
        }
    }

    /// What is the same along an axis is converted as what is not.
    @Test(arguments: ExecutorUnderTest.all)
    func stretchedOperands(executor: ExecutorUnderTest) throws {
        let column = Literal(type: TensorType(.float32, [3, 1]), doubles: [-7.9, 0.5, 300])
        let row = Literal(type: TensorType(.int64, [70]), integers: (0..<70).map { $0 * 5 })
        let results = try OneStep.results(executor, [column]) { [$0[0].broadcast(to: [3, 70]).cast(to: .uint8)] }
        for result in results {
            #expect(result[0].integers == [0, 0, 255].flatMap { [Int64](repeating: $0, count: 70) })
        }
        for result in try OneStep.results(executor, [row], { [$0[0].broadcast(to: [3, 70]).cast(to: .uint8)] }) {
            let expected = (0..<70).map { min(Int64($0) * 5, 255) }
            #expect(result[0].integers == expected + expected + expected)
        }
    }

    @Test(arguments: ExecutorUnderTest.all)
    func nothing(executor: ExecutorUnderTest) throws {
        let none = Literal(type: TensorType(.float32, [0, 3]), doubles: [])
        for result in try OneStep.results(executor, [none], { [$0[0].cast(to: .int8)] }) {
            #expect(result[0] == Literal(type: TensorType(.int8, [0, 3]), integers: []))
        }
    }
}
