import Executor
import Graph
import TestSupport
import Testing

/// Elementwise ops on stretched operands, which lanes read where they are, against the definition.
struct FusedGroupTests {
    /// x [batch, shape…], and operands that stretch to it: of each sample (with a batch axis) or the same for all.
    private struct Case {
        let shape: [Int]
        let operands: [(isOfSample: Bool, shape: [Int])]
    }

    private static let cases = [
        Case(shape: [4, 3, 5], operands: [(false, [5]), (true, [1, 1, 5]), (false, [3, 5])]),
        Case(shape: [4, 3, 5], operands: [(true, [4, 1, 1]), (true, [1, 3, 1]), (false, [4, 1, 5])]),
        Case(shape: [2, 8, 8], operands: [(false, [8, 8]), (true, [1, 1, 8]), (true, [2, 8, 1])]),
        Case(shape: [3, 2_500], operands: [(false, [2_500]), (true, [3, 1]), (false, [3, 1])]),
        Case(shape: [2, 1_030, 2], operands: [(false, [1_030, 2]), (false, [2]), (true, [1, 1_030, 1])]),
        Case(shape: [2, 64, 64], operands: [(true, [1, 1, 64]), (false, [64])]),
        Case(shape: [1, 1], operands: [(true, [1, 1]), (false, [1])]),
        Case(shape: [0, 3], operands: [(false, [3]), (true, [0, 1])]),
    ]

    private static func program(_ item: Case, batch: Int) throws -> Program {
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, Shape([batch] + item.shape)))
        var y = x * 2
        for (place, operand) in item.operands.enumerated() {
            let tensor =
                operand.isOfSample
                ? builder.infeed(TensorType(.float32, Shape([batch] + operand.shape))) * 3
                : builder.variable(
                    "v\(place)", shape: Shape(operand.shape), initializer: .uniform(low: -1, high: 1)
                ).value
            // Each joins the others' loops and the plain ones.
            y = (y + tensor).maximum(x) * tensor - x
        }
        let mean = y.reduceMean(axes: [0], keepDimensions: true)
        return try builder.finish(outfeed: [("y", y), ("centered", (y - mean) * x)])
    }

    @Test(arguments: cases.indices, [1, 3])
    func stretchedOperands(place: Int, replicas: Int) throws {
        var random = SeededGenerator(seed: UInt64(place))
        for batch in [1, 3, 4] {
            let program = try Self.program(Self.cases[place], batch: batch)
            let inputs = program.infeed.map { type in
                bytes((0..<(type.count * replicas)).map { _ in Float.random(in: -1...1, using: &random) })
            }
            let expected = try ExecutorUnderTest.all[0].step(program, inputs: inputs, replicas: replicas)
            for lanes in [nil, 2, 16] as [Int?] {
                let executor = ExecutorUnderTest("lanes") {
                    var options = $1
                    options.lanes = lanes
                    return try LaneExecutor(program: $0, options: options)
                }
                let result = try executor.step(program, inputs: inputs, replicas: replicas)
                for (name, value) in expected {
                    let (a, b) = (floats(result[name] ?? []), floats(value))
                    #expect(
                        a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-5 + 1e-5 * abs($1) },
                        "\(name) of \(Self.cases[place]), batch \(batch), \(replicas) cores")
                }
            }
        }
    }
}
