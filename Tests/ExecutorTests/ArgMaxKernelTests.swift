import Executor
import Graph
import Testing

struct ArgMaxKernelTests {
    private static func literal(_ dtype: DType, _ shape: Shape, _ elements: [Double]) -> Literal {
        Literal(type: TensorType(dtype, shape), doubles: elements)
    }

    private func check(
        _ executor: ExecutorUnderTest, _ x: Literal, axis: Int, _ expected: [Int64], _ comment: Comment = ""
    ) throws {
        for results in try OneStep.results(executor, [x], { [$0[0].argMax(axis: axis)] }) {
            #expect(results[0].integers == expected, comment)
        }
    }

    @Test(arguments: ExecutorUnderTest.all)
    func theFirstLargestOfEveryType(executor: ExecutorUnderTest) throws {
        for dtype in DType.allCases where dtype != .bool {
            let x = Self.literal(dtype, [2, 3], [1, 5, 5, 7, 2, 5])
            try check(executor, x, axis: 1, [1, 0], "\(dtype)")
            try check(executor, x, axis: 0, [1, 0, 0], "\(dtype)")
        }
    }

    /// Compared as numbers of the type, not of a wider or narrower one.
    @Test(arguments: ExecutorUnderTest.all)
    func bounds(executor: ExecutorUnderTest) throws {
        for dtype in DType.allCases where dtype.isInteger {
            let (least, most) = dtype.bounds
            let x = Literal(type: TensorType(dtype, [4]), integers: [least, most - 1, most, 0])
            try check(executor, x, axis: 0, [2], "\(dtype)")
        }
        try check(executor, Literal(type: TensorType(.int64, [2]), integers: [1 << 53, 1 << 53 + 1]), axis: 0, [1])
    }

    @Test(arguments: ExecutorUnderTest.all, [DType.float32, .float64])
    func notANumberIsTheLargest(executor: ExecutorUnderTest, dtype: DType) throws {
        let rows: [Double] = [3, .nan, .infinity, .nan, .nan, 1, 2, 3, -.infinity, -0.0, 0, -0.0]
        try check(executor, Self.literal(dtype, [3, 4], rows), axis: 1, [1, 0, 1])
    }

    @Test(arguments: ExecutorUnderTest.all)
    func anAxisBetweenOthers(executor: ExecutorUnderTest) throws {
        let x = Self.literal(.float32, [2, 3, 2], [0, 9, 4, 1, 2, 9, -1, -5, -1, -4, -2, -4])
        try check(executor, x, axis: 1, [1, 0, 0, 1])
        try check(executor, x, axis: 0, [0, 0, 0, 0, 0, 0])
        try check(executor, x, axis: 2, [1, 0, 1, 0, 0, 0])
    }

    @Test(arguments: ExecutorUnderTest.all)
    func oneElementAndNone(executor: ExecutorUnderTest) throws {
        try check(executor, Self.literal(.int8, [3, 1], [-1, 0, 1]), axis: 1, [0, 0, 0])
        try check(executor, Self.literal(.float64, [3, 0], []), axis: 0, [])
        try check(executor, Self.literal(.float32, [0, 3], []), axis: 1, [])
    }
}
