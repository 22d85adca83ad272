import Executor
import Graph
import Testing

struct DotKernelTests {
    /// a·b by its definition; both are of whole numbers, so that no order of summation shows.
    private static func product(_ a: Literal, _ b: Literal, _ left: Bool, _ right: Bool, _ type: TensorType) -> [Double]
    {
        let rank = type.shape.rank
        let k = a.type.shape[left ? rank - 2 : rank - 1]
        func element(_ literal: Literal, _ batch: ArraySlice<Int>, _ row: Int, _ column: Int) -> Double {
            let index = Array(batch) + [row, column]
            return literal.doubles[zip(index, literal.type.shape.strides).reduce(0) { $0 + $1.0 * $1.1 }]
        }
        return OneStep.indices(of: type.shape).map { index in
            let (batch, i, j) = (index.dropLast(2), index[rank - 2], index[rank - 1])
            return (0..<k).reduce(0) { sum, l in
                sum + (left ? element(a, batch, l, i) : element(a, batch, i, l))
                    * (right ? element(b, batch, j, l) : element(b, batch, l, j))
            }
        }
    }

    private static func matrix(_ dtype: DType, _ batch: [Int], _ rows: Int, _ columns: Int, by step: Int) -> Literal {
        let type = TensorType(dtype, Shape(batch + [rows, columns]))
        return Literal(type: type, doubles: (0..<type.count).map { Double($0 * step % 11 - 5) })
    }

    private func check(_ executor: ExecutorUnderTest, _ dtype: DType, _ batch: [Int], m: Int, n: Int, k: Int) throws {
        for (left, right) in [(false, false), (false, true), (true, false), (true, true)] {
            let a = Self.matrix(dtype, batch, left ? k : m, left ? m : k, by: 7)
            let b = Self.matrix(dtype, batch, right ? n : k, right ? k : n, by: 3)
            let type = TensorType(dtype, Shape(batch + [m, n]))
            let expected = Self.product(a, b, left, right, type)
            let results = try OneStep.results(executor, [a, b]) {
                [$0[0].matmul($0[1], transposeA: left, transposeB: right)]
            }
            for result in results {
                #expect(result[0].type == type)
                #expect(result[0].doubles == expected, "\(type), \(k) inner, \(left), \(right)")
            }
        }
    }

    @Test(arguments: ExecutorUnderTest.all, [DType.float32, .float64])
    func everyWayOfStoring(executor: ExecutorUnderTest, dtype: DType) throws {
        try check(executor, dtype, [], m: 3, n: 4, k: 5)
        try check(executor, dtype, [], m: 4, n: 4, k: 4)
        try check(executor, dtype, [], m: 1, n: 17, k: 1)
    }

    @Test(arguments: ExecutorUnderTest.all, [DType.float32, .float64])
    func batchAxes(executor: ExecutorUnderTest, dtype: DType) throws {
        try check(executor, dtype, [3], m: 2, n: 3, k: 4)
        try check(executor, dtype, [2, 3], m: 3, n: 2, k: 1)
    }

    /// Nothing to sum is 0, however the result's memory was left.
    @Test(arguments: ExecutorUnderTest.all, [DType.float32, .float64])
    func extentsOfNone(executor: ExecutorUnderTest, dtype: DType) throws {
        try check(executor, dtype, [], m: 2, n: 3, k: 0)
        try check(executor, dtype, [], m: 0, n: 3, k: 2)
        try check(executor, dtype, [], m: 2, n: 0, k: 2)
        try check(executor, dtype, [2], m: 2, n: 3, k: 0)
        try check(executor, dtype, [0], m: 2, n: 3, k: 4)
        try check(executor, dtype, [2, 0], m: 2, n: 3, k: 4)
    }
}
