import Executor
import Graph
import Testing

struct GatherKernelTests {
    private static let indexTypes: [DType] = [.uint8, .int8, .uint16, .int16, .int32, .int64]

    private static func literal(_ dtype: DType, _ elements: [Double], _ shape: Shape) -> Literal {
        Literal(type: TensorType(dtype, shape), doubles: elements)
    }

    @Test(arguments: ExecutorUnderTest.all, indexTypes)
    func takesRowsOfEveryType(executor: ExecutorUnderTest, indices: DType) throws {
        for dtype in DType.allCases {
            let table = Self.literal(dtype, [1, 0, 1, 1, 0, 0], [3, 2])
            let places = Self.literal(indices, [2, 0, 2, 1], [2, 2])
            for result in try OneStep.results(executor, [table, places], { [$0[0].gather($0[1])] }) {
                #expect(result[0].doubles == [0, 0, 1, 0, 0, 0, 1, 1], "\(dtype)")
            }
        }
    }

    /// An index outside gives what can't be overlooked in a training: rows of NaN; integers have none and give 0.
    @Test(arguments: ExecutorUnderTest.all)
    func indicesOutside(executor: ExecutorUnderTest) throws {
        let places = Self.literal(.int64, [3, -1, 1], [3])
        let floats = Self.literal(.float32, [1, 2, 3], [3, 1])
        for result in try OneStep.results(executor, [floats, places], { [$0[0].gather($0[1])] }) {
            #expect(result[0].doubles[0].isNaN && result[0].doubles[1].isNaN && result[0].doubles[2] == 2)
        }
        let integers = Self.literal(.int32, [1, 2, 3], [3, 1])
        for result in try OneStep.results(executor, [integers, places], { [$0[0].gather($0[1])] }) {
            #expect(result[0].doubles == [0, 0, 2])
        }
    }

    @Test(arguments: ExecutorUnderTest.all, indexTypes)
    func addsByIndex(executor: ExecutorUnderTest, indices: DType) throws {
        for dtype in DType.allCases where dtype != .bool {
            let updates = Self.literal(dtype, [1, 2, 3, 4, 5, 6, 7, 8], [4, 2])
            let places = Self.literal(indices, [2, 0, 2, 9], [4])
            for result in try OneStep.results(executor, [places, updates], { [$0[1].scatterAdd($0[0], rows: 3)] }) {
                #expect(result[0].doubles == [3, 4, 0, 0, 6, 8], "\(dtype)")
            }
        }
    }

    /// A single index, no indices, no rows.
    @Test(arguments: ExecutorUnderTest.all)
    func edges(executor: ExecutorUnderTest) throws {
        let table = Self.literal(.float32, [1, 2, 3, 4], [2, 2])
        let one = Self.literal(.int32, [1], .scalar)
        for result in try OneStep.results(
            executor, [table, one],
            { x in
                [x[0].gather(x[1]), x[0].gather(x[1]).scatterAdd(x[1], rows: 3)]
            })
        {
            #expect(result[0].doubles == [3, 4])
            #expect(result[1].doubles == [0, 0, 3, 4, 0, 0])
        }
        let none = Self.literal(.int32, [], [0])
        for result in try OneStep.results(
            executor, [table, none],
            { x in
                [x[0].gather(x[1]).reduceSum(axes: [0]), x[0].gather(x[1]).scatterAdd(x[1], rows: 2)]
            })
        {
            #expect(result[0].doubles == [0, 0])
            #expect(result[1].doubles == [0, 0, 0, 0])
        }
    }
}
