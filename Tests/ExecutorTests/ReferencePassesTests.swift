import Executor
import Graph
import Testing

/// Passes against the definition: no pass changes what a program computes.
struct ReferencePassesTests {
    private static let seeds = [UInt64.random(in: .min ... .max)] + (0..<20)

    private static func run(_ program: Program, seed: UInt64) throws -> [[Double]] {
        let executor = try ReferenceExecutor(program: program, options: ExecutorOptions(replicas: 2, seed: 3))
        try executor.feed(RandomProgram.inputs(of: program, replicas: 2, seed: seed))
        let result = try executor.run(iterations: 1)
        let values = try #require(try executor.outfeed?.dequeue())
        let outfeed = values.map { ReferenceValue(Literal(type: $0.type, bytes: $0.bytes)).doubles }
        let variables = try program.variables.map { try floats(executor.read(variable: $0.name)).map(Double.init) }
        return outfeed + variables + [[result.lossOfCoreZero ?? .nan]]
    }

    @Test(arguments: seeds)
    func keepResults(seed: UInt64) throws {
        let program = try RandomProgram.make(seed: seed)
        let expected = try Self.run(program, seed: seed)
        for pass in Passes.standard(evaluate: ReferenceKernels.evaluator) {
            let result = try Self.run(Passes.run([pass], on: program), seed: seed)
            // Joined sums are rounded in another order; nothing else is.
            let tolerance = ["joinReplicaSums", "joinProducts", "multiplyTables"].contains(pass.name) ? 1e-5 : 0
            #expect(agree(result, expected, tolerance), "seed \(seed), pass \(pass.name)")
        }
        let optimized = try Passes.optimize(program, evaluate: ReferenceKernels.evaluator)
        #expect(agree(try Self.run(optimized, seed: seed), expected, 1e-5), "seed \(seed)")
        if !optimized.nodes.contains(where: { $0.name.contains("/Joined") }) {
            #expect(optimized.nodes.count <= program.nodes.count)
        }
    }

    @Test(arguments: seeds)
    func uniformValuesAreTheSameOnAllCores(seed: UInt64) throws {
        let program = try RandomProgram.make(seed: seed)
        let replication = Replication(program)
        let executor = try ReferenceExecutor(program: program, options: ExecutorOptions(replicas: 3))
        try executor.feed(RandomProgram.inputs(of: program, replicas: 3, seed: seed))
        _ = try executor.run(iterations: 1)
        let values = try #require(try executor.outfeed?.dequeue())
        for (entry, value) in zip(program.outfeed, values) where replication[entry.value] == .uniform {
            let size = value.bytes.count / 3
            let cores = (0..<3).map { Array(value.bytes[($0 * size)..<(($0 + 1) * size)]) }
            #expect(Set(cores).count == 1, "seed \(seed), value \(entry.name)")
        }
        for (variable, spread) in zip(program.variables, replication.variables) where spread == .uniform {
            let cores = try (0..<3).map { try executor.read(variable: variable.name, replica: $0) }
            #expect(Set(cores).count == 1, "seed \(seed), variable \(variable.name)")
        }
    }

    /// A dense layer behind a table of fewer rows than are looked up.
    @Test(arguments: seeds.prefix(3))
    func multipliedTablesKeepResults(seed: UInt64) throws {
        let builder = GraphBuilder()
        let table = builder.variable("table", shape: [4, 3], initializer: .uniform(low: -1, high: 1))
        let kernel = builder.variable("kernel", shape: [3, 5], initializer: .uniform(low: -1, high: 1))
        let x = builder.infeed(TensorType(.float32, [2, 3, 4]))
        let words = (x * 4).cast(to: .int32).maximum(builder.constant(0, dtype: .int32))
        let loss = table.value.gather(words).reshape(to: [24, 3]).matmul(kernel.value).tanh().reduceMean()
        let gradients = builder.gradients(of: loss, withRespectTo: [table, kernel])
        for (variable, gradient) in zip([table, kernel], gradients) {
            variable.assignSubtract(gradient.crossReplicaSum())
        }
        let program = try builder.finish(loss: loss, outfeed: [(name: "gradient", value: gradients[0])])
        let optimized = try Passes.optimize(program)
        #expect(optimized.nodes.contains { $0.name.hasSuffix("/SumOfRows") })
        let expected = try Self.run(program, seed: seed)
        #expect(agree(try Self.run(optimized, seed: seed), expected, 1e-5), "seed \(seed)")
    }

    private func agree(_ a: [[Double]], _ b: [[Double]], _ tolerance: Double) -> Bool {
        guard a.map(\.count) == b.map(\.count) else { return false }
        for (x, y) in zip(a.joined(), b.joined()) where x != y {
            guard abs(x - y) <= tolerance * max(1, abs(y)) else { return false }
        }
        return true
    }
}
