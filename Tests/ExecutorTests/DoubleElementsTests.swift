import Executor
import Graph
import Testing

/// Floating elements where a formula could go wrong: edges, halves, NaN, numbers whose exponentials overflow. The
/// values are computed by hand.
struct DoubleElementsTests {
    /// Operand and result of each op.
    static let unary: [(UnaryOp, [(Double, Double)])] = [
        (.negate, [(2, -2), (0, -0.0), (-.infinity, .infinity), (.nan, .nan)]),
        (.abs, [(-2, 2), (-0.0, 0), (-.infinity, .infinity), (.nan, .nan)]),
        (.sign, [(-2, -1), (9, 1), (0, 0), (-0.0, -0.0), (-.infinity, -1), (.nan, .nan)]),
        (.exp, [(0, 1), (-.infinity, 0), (.infinity, .infinity), (1_000, .infinity), (-1_000, 0), (.nan, .nan)]),
        (.expm1, [(0, 0), (-.infinity, -1), (1e-20, 1e-20), (.nan, .nan)]),
        (.log, [(1, 0), (0, -.infinity), (-1, .nan), (.infinity, .infinity), (.nan, .nan)]),
        (.log1p, [(0, 0), (-1, -.infinity), (-2, .nan), (1e-20, 1e-20), (.nan, .nan)]),
        (.sqrt, [(4, 2), (0, 0), (-1, .nan), (.infinity, .infinity), (.nan, .nan)]),
        (.rsqrt, [(4, 0.5), (0, .infinity), (-1, .nan), (.infinity, 0), (.nan, .nan)]),
        (.tanh, [(0, 0), (1_000, 1), (-1_000, -1), (.infinity, 1), (.nan, .nan)]),
        (.logistic, [(0, 0.5), (1_000, 1), (-1_000, 0), (.infinity, 1), (-.infinity, 0), (.nan, .nan)]),
        (.sin, [(0, 0), (.infinity, .nan), (.nan, .nan)]),
        (.cos, [(0, 1), (.infinity, .nan), (.nan, .nan)]),
        (.erf, [(0, 0), (100, 1), (-100, -1), (.nan, .nan)]),
        (.floor, [(1.5, 1), (-1.5, -2), (-0.5, -1), (3, 3), (.infinity, .infinity), (.nan, .nan)]),
        (.ceil, [(1.5, 2), (-1.5, -1), (-0.5, -0.0), (3, 3), (.nan, .nan)]),
        (.round, [(0.5, 0), (1.5, 2), (2.5, 2), (-0.5, -0.0), (-1.5, -2), (2.51, 3), (.nan, .nan)]),
        (
            .roundToBFloat16,
            [
                (1, 1), (1.00390625, 1), (1.01171875, 1.015625), (-1.0078125, -1.0078125), (1e300, .infinity),
                (.nan, .nan),
            ]
        ),
        (.relu, [(3, 3), (-3, 0), (0, 0), (.infinity, .infinity), (-.infinity, 0), (.nan, .nan)]),
        (.softplus, [(1_000, 1_000), (-1_000, 0), (.infinity, .infinity), (-.infinity, 0), (.nan, .nan)]),
        (.isFinite, [(3, 1), (.infinity, 0), (-.infinity, 0), (.nan, 0)]),
    ]

    /// Operands and result of each op.
    static let binary: [(BinaryOp, [(Double, Double, Double)])] = [
        (.add, [(1, 2, 3), (.infinity, -.infinity, .nan)]),
        (.subtract, [(1, 2, -1), (.infinity, .infinity, .nan)]),
        (.multiply, [(3, -2, -6), (0, .infinity, .nan)]),
        (.divide, [(1, 0, .infinity), (-1, 0, -.infinity), (0, 0, .nan), (7, 2, 3.5)]),
        (.remainder, [(7, 3, 1), (-7, 3, -1), (7, -3, 1), (7, .infinity, 7), (7, 0, .nan), (.infinity, 3, .nan)]),
        (.maximum, [(1, 2, 2), (2, 1, 2), (.nan, 1, .nan), (1, .nan, .nan), (-.infinity, 0, 0)]),
        (.minimum, [(1, 2, 1), (2, 1, 1), (.nan, 1, .nan), (1, .nan, .nan), (.infinity, 0, 0)]),
        (.power, [(2, 10, 1_024), (0, 0, 1), (0, -1, .infinity), (-2, 3, -8), (-2, 0.5, .nan), (9, 0.5, 3)]),
        (.squaredDifference, [(1, 4, 9), (4, 1, 9), (.infinity, .infinity, .nan)]),
    ]

    static func check(_ executor: ExecutorUnderTest, _ dtype: DType) throws {
        for (op, cases) in unary {
            let x = Literal(type: TensorType(dtype, [cases.count]), doubles: cases.map(\.0))
            for result in try OneStep.results(executor, [x], { [$0[0].builder.add(.unary(op), $0)] }) {
                for ((operand, expected), value) in zip(cases, result[0].doubles) {
                    expect(value, expected, dtype, "\(op) of \(operand), \(dtype)")
                }
            }
        }
        for (op, cases) in binary {
            let type = TensorType(dtype, [cases.count])
            let operands = [cases.map(\.0), cases.map(\.1)].map { Literal(type: type, doubles: $0) }
            for result in try OneStep.results(executor, operands, { [$0[0].builder.add(.binary(op), $0)] }) {
                for ((a, b, expected), value) in zip(cases, result[0].doubles) {
                    expect(value, expected, dtype, "\(op) of \(a) and \(b), \(dtype)")
                }
            }
        }
    }

    private static func expect(_ value: Double, _ expected: Double, _ dtype: DType, _ comment: Comment) {
        if expected.isNaN || expected.isInfinite || expected == 0 {
            #expect(expected.isNaN ? value.isNaN : value == expected, comment)
        } else {
            let tolerance = dtype == .float32 ? 5e-7 : 1e-15
            #expect(abs(value - expected) <= tolerance * abs(expected), comment)
        }
    }

    @Test(arguments: ExecutorUnderTest.all)
    func edges(executor: ExecutorUnderTest) throws { try Self.check(executor, .float64) }

    @Test func everyOpIsThere() {
        #expect(Set(Self.unary.map(\.0)) == Set(UnaryOp.allCases.filter { $0 != .not }))
        #expect(Set(Self.binary.map(\.0)) == Set(BinaryOp.allCases))
    }
}
