import Estimator
import Executor
import Graph
import Testing

@Suite struct StepMemoryTests {
    /// A dense layer with its gradient.
    private static func program(rows: Int, width: Int) throws -> Program {
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, [rows, width]))
        let kernel = builder.variable("kernel", shape: [width, width])
        let loss = x.matmul(kernel.value).tanh().reduceMean()
        for gradient in builder.gradients(of: loss, withRespectTo: [kernel]) {
            kernel.assignSubtract(gradient.crossReplicaSum())
        }
        return try builder.finish(loss: loss)
    }

    private static func options(threads: Int = 1, memoryBytes: Int? = nil) -> ExecutionOptions {
        var options = ExecutionOptions(threads: threads)
        options.memoryBytes = memoryBytes
        return options
    }

    @Test func theLimitIsTheSettingOrTheMachine() {
        #expect(Self.options(memoryBytes: 7).memoryLimit == 7)
        #expect(Self.options().memoryLimit == MachineMemory.bytes)
    }

    @Test func itIsHeldAgainstTheLimit() throws {
        let program = try Self.program(rows: 64, width: 32)
        let bytes = try Self.options().memory(of: program, shards: 2).bytes
        #expect(try Self.options(memoryBytes: bytes).memory(of: program, shards: 2).fits)
        #expect(try !Self.options(memoryBytes: 32 * 32 * 4).memory(of: program, shards: 2).fits)
        #expect(try Self.options(threads: 3).memory(of: program, shards: 2).bytes > bytes)
    }

    /// Variables that are too large are enough to know.
    @Test func variablesAloneMayBeTooLarge() throws {
        let memory = try Self.options(memoryBytes: 1 << 20).memory(of: Self.program(rows: 1, width: 1024), shards: 8)
        #expect(memory.bytes == 1024 * 1024 * 4 && !memory.fits && !memory.recomputes)
    }

    /// What surely fits does: no plan takes more than what was counted without one.
    @Test(arguments: [1, 8], [1, 4]) func whatSurelyFitsFits(shards: Int, threads: Int) throws {
        for rows in [1, 7, 256] {
            for width in [1, 16, 300] {
                let program = try Self.program(rows: rows, width: width)
                let options = Self.options(threads: threads)
                let most = StepMemory.most(program, shards: shards, options)
                #expect(try options.memory(of: program, shards: shards).bytes <= most, "\(rows) \(width)")
                #expect(Self.options(threads: threads, memoryBytes: most).surelyFits(program, shards: shards))
                #expect(!Self.options(threads: threads, memoryBytes: most - 1).surelyFits(program, shards: shards))
            }
        }
        #expect(
            !Self.options(memoryBytes: .max - 1).surelyFits(
                try Self.program(rows: 1 << 30, width: 1 << 16), shards: .max))
    }
}
