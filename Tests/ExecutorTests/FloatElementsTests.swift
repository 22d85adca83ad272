import Graph
import Testing

/// The loops of single precision give what those of double precision do, at the same edges. How close they come between
/// the edges is `FloatKernelTests`'.
struct FloatElementsTests {
    @Test(arguments: ExecutorUnderTest.all)
    func edges(executor: ExecutorUnderTest) throws { try DoubleElementsTests.check(executor, .float32) }

    /// Every comparison of every pair, NaN among them.
    @Test(arguments: ExecutorUnderTest.all, [DType.float32, .float64])
    func comparisons(executor: ExecutorUnderTest, dtype: DType) throws {
        let numbers: [Double] = [-.infinity, -1, -0.0, 0, 1, .infinity, .nan]
        let pairs = numbers.flatMap { a in numbers.map { (a, $0) } }
        let type = TensorType(dtype, [pairs.count])
        let operands = [pairs.map(\.0), pairs.map(\.1)].map { Literal(type: type, doubles: $0) }
        let results = try OneStep.results(executor, operands) {
            [$0[0] .== $0[1], $0[0] .!= $0[1], $0[0] .< $0[1], $0[0] .<= $0[1], $0[0] .> $0[1], $0[0] .>= $0[1]]
        }
        let expected: [(Double, Double) -> Bool] = [
            { $0 == $1 }, { $0 != $1 }, { $0 < $1 }, { $0 <= $1 }, { $0 > $1 }, { $0 >= $1 },
        ]
        for result in results {
            for (values, holds) in zip(result, expected) {
                #expect(values.integers == pairs.map { holds($0.0, $0.1) ? 1 : 0 })
            }
        }
    }
}
