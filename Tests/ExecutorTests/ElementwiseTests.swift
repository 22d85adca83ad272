import Executor
import Graph
import Testing

/// How elementwise ops take operands that lie in other ways than their result: stretched along either axis or both.
struct ElementwiseTests {
    private static func literal(_ dtype: DType, _ shape: Shape, _ elements: [Double]) -> Literal {
        Literal(type: TensorType(dtype, shape), doubles: elements)
    }

    private static let numbers = DType.allCases.filter { $0 != .bool }

    @Test(arguments: ExecutorUnderTest.all, numbers)
    func rowsColumnsAndScalars(executor: ExecutorUnderTest, dtype: DType) throws {
        let full = Self.literal(dtype, [2, 3], [1, 2, 3, 4, 5, 6])
        let row = Self.literal(dtype, [3], [10, 20, 30])
        let column = Self.literal(dtype, [2, 1], [2, 3])
        let scalar = Self.literal(dtype, [], [7])
        let results = try OneStep.results(executor, [full, row, column, scalar]) { x in
            [
                x[0] + x[1], x[1] - x[0], x[0] * x[2], x[2] + x[1], x[3] + x[0], x[3] * x[2],
                x[1].broadcast(to: [2, 3]).relu(), x[2].broadcast(to: [2, 3]).abs(), x[3].broadcast(to: [2, 3]).sign(),
            ]
        }
        for result in results {
            let values = result.map(\.doubles)
            #expect(values[0] == [11, 22, 33, 14, 25, 36])
            #expect(values[1] == [9, 18, 27, 6, 15, 24])
            #expect(values[2] == [2, 4, 6, 12, 15, 18])
            #expect(values[3] == [12, 22, 32, 13, 23, 33])
            #expect(values[4] == [8, 9, 10, 11, 12, 13])
            #expect(values[5] == [14, 21])
            #expect(values[6] == [10, 20, 30, 10, 20, 30])
            #expect(values[7] == [2, 2, 2, 3, 3, 3])
            #expect(values[8] == [1, 1, 1, 1, 1, 1])
        }
    }

    /// The functions of single precision, which have a way of their own for what repeats along a row.
    @Test(arguments: ExecutorUnderTest.all, [DType.float32, .float64])
    func functionsOfWhatRepeats(executor: ExecutorUnderTest, dtype: DType) throws {
        let column = Self.literal(dtype, [3, 1], [1, 4, 9])
        let row = Self.literal(dtype, [2], [16, 25])
        let results = try OneStep.results(executor, [column, row]) { x in
            [
                x[0].broadcast(to: [3, 2]).sqrt(), x[1].broadcast(to: [3, 2]).sqrt(),
                x[0].broadcast(to: [3, 0]).sqrt(), (x[0] / 0).broadcast(to: [3, 2]).isFinite(),
            ]
        }
        for result in results {
            #expect(result[0].doubles == [1, 1, 2, 2, 3, 3])
            #expect(result[1].doubles == [4, 5, 4, 5, 4, 5])
            #expect(result[2].doubles == [])
            #expect(result[3].integers == [0, 0, 0, 0, 0, 0])
        }
    }

    @Test(arguments: ExecutorUnderTest.all, DType.allCases)
    func choices(executor: ExecutorUnderTest, dtype: DType) throws {
        let flags = Self.literal(.bool, [2, 1], [1, 0])
        let (a, b) = (Self.literal(dtype, [2], [1, 0]), Self.literal(dtype, [2, 2], [0, 0, 0, 1]))
        for result in try OneStep.results(executor, [flags, a, b], { [$0[0].select($0[1], $0[2])] }) {
            #expect(result[0] == Self.literal(dtype, [2, 2], [1, 0, 0, 1]))
        }
    }

    @Test(arguments: ExecutorUnderTest.all, DType.allCases.filter { !$0.isFloating })
    func comparisonsOfWholeNumbers(executor: ExecutorUnderTest, dtype: DType) throws {
        let (least, most) = dtype.bounds
        let pairs = [(least, most), (most, least), (least, least), (most, most)]
        let type = TensorType(dtype, [pairs.count])
        let operands = [pairs.map(\.0), pairs.map(\.1)].map { Literal(type: type, integers: $0) }
        let results = try OneStep.results(executor, operands) {
            [$0[0] .== $0[1], $0[0] .!= $0[1], $0[0] .< $0[1], $0[0] .<= $0[1], $0[0] .> $0[1], $0[0] .>= $0[1]]
        }
        for result in results {
            #expect(
                result.map(\.integers) == [
                    [0, 0, 1, 1], [1, 1, 0, 0], [1, 0, 0, 0], [1, 0, 1, 1], [0, 1, 0, 0], [0, 1, 1, 1],
                ])
        }
    }

    @Test(arguments: ExecutorUnderTest.all)
    func logic(executor: ExecutorUnderTest) throws {
        let (a, b) = (Self.literal(.bool, [4], [0, 0, 1, 1]), Self.literal(.bool, [4], [0, 1, 0, 1]))
        let results = try OneStep.results(executor, [a, b]) {
            [$0[0] .& $0[1], $0[0] .| $0[1], $0[0] .^ $0[1], .!$0[0]]
        }
        for result in results {
            #expect(result.map(\.integers) == [[0, 0, 0, 1], [0, 1, 1, 1], [0, 1, 1, 0], [1, 1, 0, 0]])
        }
    }

    /// More elements than are in a block, with a row length that no block is a multiple of.
    @Test(arguments: ExecutorUnderTest.all)
    func manyBlocks(executor: ExecutorUnderTest) throws {
        let x = Self.literal(.float32, [70, 61], (0..<4_270).map { Double($0 % 1_000) })
        let row = Self.literal(.float32, [61], (0..<61).map(Double.init))
        for result in try OneStep.results(executor, [x, row], { [($0[0] + $0[1]).square() - 1] }) {
            let expected = (0..<4_270).map { place -> Double in
                let sum = Double(place % 1_000 + place % 61)
                return Double(Float(sum * sum) - 1)
            }
            #expect(result[0].doubles == expected)
        }
    }
}
