import Executor
import Graph
import Testing

struct CumulativeSumKernelTests {
    @Test(arguments: ExecutorUnderTest.all)
    func runsAlongEachAxis(executor: ExecutorUnderTest) throws {
        for dtype in DType.allCases where dtype != .bool {
            let x = Literal(type: TensorType(dtype, [2, 3]), doubles: [1, 2, 3, 4, 5, 6])
            for result in try OneStep.results(
                executor, [x],
                { x in
                    [
                        x[0].cumulativeSum(axis: 1), x[0].cumulativeSum(axis: 0),
                        x[0].cumulativeSum(axis: 1, isReversed: true), x[0].cumulativeSum(axis: -1, isExclusive: true),
                        x[0].cumulativeSum(axis: 0, isExclusive: true, isReversed: true),
                    ]
                })
            {
                #expect(result[0].doubles == [1, 3, 6, 4, 9, 15], "\(dtype)")
                #expect(result[1].doubles == [1, 2, 3, 5, 7, 9], "\(dtype)")
                #expect(result[2].doubles == [6, 5, 3, 15, 11, 6], "\(dtype)")
                #expect(result[3].doubles == [0, 1, 3, 0, 4, 9], "\(dtype)")
                #expect(result[4].doubles == [4, 5, 6, 0, 0, 0], "\(dtype)")
            }
        }
    }

    @Test(arguments: ExecutorUnderTest.all, [[0, 3], [3, 0], [0]] as [Shape])
    func nothing(executor: ExecutorUnderTest, shape: Shape) throws {
        let x = Literal(type: TensorType(.float32, shape), doubles: [])
        for result in try OneStep.results(executor, [x], { [$0[0].cumulativeSum(axis: -1)] }) {
            #expect(result[0].doubles.isEmpty)
        }
    }

    /// Integers wrap as all their sums do.
    @Test(arguments: ExecutorUnderTest.all)
    func wraps(executor: ExecutorUnderTest) throws {
        let x = Literal(type: TensorType(.int8, [3]), doubles: [100, 100, 1])
        for result in try OneStep.results(executor, [x], { [$0[0].cumulativeSum(axis: 0)] }) {
            #expect(result[0].doubles == [100, -56, -55])
        }
    }
}
