import Executor
import Graph
import Testing

/// What the definition keeps for each core; what every executor owes is `ProgramExecutorTests`'.
struct ReferenceExecutorTests {
    /// Each core adds its number and its input to a variable of its own, and all their sum to another.
    private static func program() throws -> Program {
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, [1]))
        let own = builder.variable("own", shape: [1], initializer: .zeros)
        let all = builder.variable("all", shape: [1], initializer: .zeros)
        own.assign(own.value + x + builder.replicaIndex().cast(to: .float32))
        all.assign(x.crossReplicaSum())
        return try builder.finish(loss: x.reduceSum(), outfeed: [("own", own.value)])
    }

    private func executor(replicas: Int, seed: UInt64 = 0) throws -> ReferenceExecutor {
        try ReferenceExecutor(program: Self.program(), options: ExecutorOptions(replicas: replicas, seed: seed))
    }

    @Test func everyCoreHasItsOwnCopy() throws {
        let device = try executor(replicas: 3)
        try device.feed([bytes([10, 20, 30] as [Float])])
        let result = try device.run(iterations: 1)
        #expect(result.stepsRun == 1 && result.lossOfCoreZero == 10)
        #expect(try (0..<3).map { floats(try device.read(variable: "own", replica: $0)) } == [[10], [21], [32]])
        #expect(try (0..<3).map { floats(try device.read(variable: "all", replica: $0)) } == [[60], [60], [60]])
        #expect(floats(try #require(try device.outfeed?.dequeue())[0].bytes) == [0, 0, 0], "of the step's start")
    }

    @Test func noStepChangesNothing() throws {
        let device = try executor(replicas: 2)
        #expect(try device.run(iterations: 0) == LoopResult())
        #expect(floats(try device.read(variable: "own")) == [0])
    }

    @Test func writingReachesEveryCore() throws {
        let device = try executor(replicas: 2)
        try device.write(variable: "own", bytes: bytes([5] as [Float]))
        #expect(try (0..<2).map { floats(try device.read(variable: "own", replica: $0)) } == [[5], [5]])
    }

    @Test func refusals() throws {
        let device = try executor(replicas: 1)
        let size = #expect(throws: ExecutorError.self) { try device.write(variable: "own", bytes: [1, 2, 3]) }
        #expect(size == ExecutorError(.sizeMismatch, "float32[1] takes 4 bytes, not 3", node: "own"))
        for name in ["", "Own"] {
            let unknown = ExecutorError(.unknownVariable, "no variable has this name", node: name)
            #expect(throws: unknown) { try device.read(variable: name) }
            #expect(throws: unknown) { try device.write(variable: name, bytes: []) }
        }
        #expect(throws: ExecutorError(.invalidOptions, "0 cores cannot be spread evenly over 1 hosts")) {
            try ReferenceExecutor(program: Self.program(), options: ExecutorOptions(replicas: 0))
        }
        var spoiled = try Self.program()
        spoiled.assignments = []
        let error = #expect(throws: ExecutorError.self) {
            try ReferenceExecutor(program: spoiled, options: ExecutorOptions())
        }
        #expect(
            error?.description == "invalidProgram: malformed at assign 'own/Assign': it is not listed as an assignment")
    }

    /// A variable that is not finite on any core is named before the loss, which is core 0's.
    @Test func aCoreThatFailsIsFound() throws {
        let device = try executor(replicas: 3)
        try device.feed([bytes([1, .infinity, 3] as [Float])])
        let result = try device.run(iterations: 1)
        #expect(result.notFinite == LoopResult.NotFinite(step: 0, variable: "own"))
        #expect(result.lossOfCoreZero == 1)
        #expect(try floats(device.read(variable: "own", replica: 1)) == [.infinity], "what it stored holds")
    }
}
