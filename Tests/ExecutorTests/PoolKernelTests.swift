import Executor
import Graph
import TestSupport
import Testing

struct PoolKernelTests {
    private static let windows: [(input: [Int], window: Window)] = [
        ([5], Window(extents: [2], strides: [2])),
        ([5], Window(extents: [3], dilation: [2], low: [2], high: [3])),
        ([4, 5], Window(extents: [2, 3], strides: [2, 1], low: [1, 0], high: [0, 2])),
        ([4, 5], Window(extents: [4, 5])),
        ([2, 3, 4], Window(extents: [2, 1, 3], low: [0, 0, 1], high: [1, 0, 1])),
        // A place that lies on padding alone.
        ([2], Window(extents: [1], strides: [1], low: [2], high: [2])),
    ]

    /// Sums, maxima and their gradients against the definition; elements repeat, so that maxima have ties.
    @Test(arguments: [DType.float32, .float64], [1, 2, 9])
    func agreesWithTheDefinition(dtype: DType, channels: Int) throws {
        var random = SeededGenerator(seed: 6)
        func literal(_ dimensions: [Int]) -> Literal {
            let type = TensorType(dtype, Shape(dimensions))
            return Literal(
                type: type, doubles: (0..<type.count).map { _ in Double(Int.random(in: -2...2, using: &random)) })
        }
        for (input, window) in Self.windows {
            let output = try #require(window.places(in: input))
            let x = literal([3] + input + [channels])
            let g = literal([3] + output + [channels])
            let ops: [(Op, [Literal])] = [
                (.pool(.sum, window), [x]), (.pool(.max, window), [x]), (.maxPoolGradient(window), [x, g]),
                (.sumPoolGradient(window, input: input), [g]),
            ]
            for (op, operands) in ops {
                let expected = try Reference.evaluate(op, operands.map(ReferenceValue.init)).doubles
                for executor in ExecutorUnderTest.all.dropFirst() {
                    for result in try OneStep.results(executor, operands, { [$0[0].builder.add(op, $0)] }) {
                        #expect(result[0].doubles == expected, "\(op.name) of \(window) on \(executor.name)")
                    }
                }
            }
        }
    }

    /// What is not a number stays one, and the gradient goes to it.
    @Test(arguments: ExecutorUnderTest.all)
    func keepsWhatIsNotANumber(executor: ExecutorUnderTest) throws {
        let x = Literal(type: TensorType(.float32, [1, 4, 1]), doubles: [1, .nan, 5, -.infinity])
        let g = Literal(type: TensorType(.float32, [1, 2, 1]), doubles: [2, 3])
        let window = Window(extents: [2], strides: [2])
        for result in try OneStep.results(
            executor, [x, g],
            { x in
                [x[0].builder.add(.pool(.max, window), [x[0]]), x[0].builder.add(.maxPoolGradient(window), x)]
            })
        {
            #expect(result[0].doubles[0].isNaN && result[0].doubles[1] == 5)
            #expect(result[1].doubles == [0, 2, 3, 0])
        }
    }
}
