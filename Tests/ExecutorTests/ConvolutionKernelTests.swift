import Executor
import Graph
import TestSupport
import Testing

struct ConvolutionKernelTests {
    /// What slides over what: extents of x between batch and channels, window, channels in, filters, groups.
    struct Case: Sendable, CustomTestStringConvertible {
        let input: [Int]
        let window: Window
        var channels = (3, 4)
        var groups = 1
        var rows = 3

        var testDescription: String { "\(rows)x\(input) by \(window), \(channels) in \(groups)" }
    }

    /// Exhaustive over small windows of one axis, then chosen ones of two and three axes, with all sorts of channels.
    static let cases: [Case] = {
        var cases: [Case] = []
        for extent in 1...3 {
            for stride in 1...2 {
                for dilation in 1...2 {
                    for padding in [(0, 0), (1, 0), (2, 3)] {
                        let window = Window(
                            extents: [extent], strides: [stride], dilation: [dilation], low: [padding.0],
                            high: [padding.1])
                        cases.append(Case(input: [5], window: window))
                    }
                }
            }
        }
        return cases + [
            Case(input: [6, 7], window: Window(extents: [3, 2], strides: [2, 1], low: [1, 0], high: [0, 1])),
            Case(input: [1, 1], window: Window(extents: [1, 1]), channels: (16, 32)),
            Case(input: [8, 8], window: Window(extents: [3, 3], low: [1, 1], high: [1, 1]), channels: (16, 16)),
            Case(input: [8, 8], window: Window(extents: [3, 3], low: [1, 1], high: [1, 1]), channels: (1, 32)),
            Case(input: [8, 8], window: Window(extents: [5, 5], strides: [2, 2]), channels: (33, 17), rows: 1),
            Case(input: [8, 8], window: Window(extents: [1, 1], strides: [2, 2]), channels: (6, 10), rows: 5),
            Case(input: [8, 8], window: Window(extents: [1, 1], strides: [2, 2]), channels: (16, 32), rows: 5),
            Case(input: [5, 9], window: Window(extents: [1, 1], strides: [1, 3]), channels: (17, 8), rows: 2),
            Case(input: [9], window: Window(extents: [1], strides: [2]), channels: (5, 3), rows: 7),
            Case(input: [6, 6], window: Window(extents: [3, 3]), channels: (4, 4), groups: 4),
            Case(input: [6, 6], window: Window(extents: [3, 3]), channels: (4, 12), groups: 4),
            Case(input: [6, 6], window: Window(extents: [3, 3]), channels: (6, 9), groups: 3),
            Case(input: [3, 4, 5], window: Window(extents: [2, 2, 2], low: [0, 1, 0], high: [1, 0, 0])),
            Case(input: [4], window: Window(extents: [2]), rows: 0),
            Case(input: [4, 4], window: Window(extents: [2, 2], strides: [7, 7])),
        ]
    }()

    private static func literal(_ dtype: DType, _ dimensions: [Int], _ random: inout SeededGenerator) -> Literal {
        let type = TensorType(dtype, Shape(dimensions))
        return Literal(type: type, doubles: (0..<type.count).map { _ in Double.random(in: -1...1, using: &random) })
    }

    /// Convolution and both gradients against the definition.
    @Test(arguments: cases, [DType.float32, .float64])
    func agreesWithTheDefinition(test: Case, dtype: DType) throws {
        var random = SeededGenerator(seed: 3)
        let output = try #require(test.window.places(in: test.input))
        let x = Self.literal(dtype, [test.rows] + test.input + [test.channels.0], &random)
        let g = Self.literal(dtype, [test.rows] + output + [test.channels.1], &random)
        let filter = Self.literal(
            dtype, test.window.extents + [test.channels.0 / test.groups, test.channels.1], &random)
        let ops: [(Op, [Literal])] = [
            (.convolution(test.window, groups: test.groups), [x, filter]),
            (.convolutionInputGradient(test.window, groups: test.groups, input: test.input), [g, filter]),
            (.convolutionFilterGradient(test.window, groups: test.groups), [x, g]),
        ]
        for (op, operands) in ops {
            let expected = try Reference.evaluate(op, operands.map(ReferenceValue.init)).doubles
            for executor in ExecutorUnderTest.all.dropFirst() {
                for result in try OneStep.results(executor, operands, { [$0[0].builder.add(op, $0)] }) {
                    let tolerance = dtype == .float32 ? 1e-5 : 1e-12
                    let worst = zip(result[0].doubles, expected).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? 0
                    #expect(result[0].doubles.count == expected.count)
                    #expect(worst <= tolerance, "\(op.name) on \(executor.name)")
                }
            }
        }
    }

    /// A lane's filter and table are whole, whatever the batch: rows of one do not go to the other's places.
    @Test(arguments: [1, 2, 5, 8])
    func lanesShareTheFilter(lanes: Int) throws {
        var random = SeededGenerator(seed: 4)
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, [8, 4, 4, 2]))
        // As many rows as the batch has samples: a filter is not one of those for all that.
        let filter = builder.variable("filter", shape: [8, 1, 2, 3], initializer: .uniform(low: -1, high: 1))
        let y = x.convolution(filter.value, padding: .same)
        let loss = y.square().reduceSum()
        let gradient = builder.gradients(of: loss, withRespectTo: [filter])[0]
        let program = try builder.finish(loss: loss, outfeed: [("y", y), ("gradient", gradient)])
        let input = Self.literal(.float32, [8, 4, 4, 2], &random)
        let expected = try ExecutorUnderTest.all[0].step(program, inputs: [input.bytes])
        let executor = try LaneExecutor(program: program, options: ExecutorOptions(threads: 2, lanes: lanes))
        try executor.feed([input.bytes])
        _ = try executor.run(iterations: 1)
        let values = try #require(try executor.outfeed?.dequeue())
        for value in values {
            let wanted = Literal(type: value.type, bytes: try #require(expected[value.name])).floats
            let got = Literal(type: value.type, bytes: value.bytes).floats
            #expect(zip(got, wanted).allSatisfy { abs($0 - $1) <= 1e-4 * max(1, abs($1)) }, "\(value.name)")
        }
    }

    /// The bits depend on the lanes, never on the threads.
    @Test func threadsChangeNoBit() throws {
        var random = SeededGenerator(seed: 5)
        let input = Self.literal(.float32, [16, 6, 6, 3], &random)
        let results = try [1, 2, 3].map { threads in
            let builder = GraphBuilder()
            let x = builder.infeed(input.type)
            let filter = builder.variable("filter", shape: [3, 3, 3, 8], initializer: .glorotUniform)
            let loss = x.convolution(filter.value, strides: [2, 2], padding: .same).relu().square().reduceMean()
            filter.assignSubtract(builder.gradients(of: loss, withRespectTo: [filter])[0])
            let executor = try LaneExecutor(
                program: builder.finish(loss: loss), options: ExecutorOptions(threads: threads, lanes: 4))
            for _ in 0..<3 {
                try executor.feed([input.bytes])
                _ = try executor.run(iterations: 1)
            }
            return try executor.read(variable: "filter")
        }
        #expect(results.allSatisfy { $0 == results[0] })
    }
}
