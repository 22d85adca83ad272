import Executor
import Graph
import Testing

struct StepProfileTests {
    private func executor(isProfiled: Bool) throws -> LaneExecutor {
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, [64, 8]))
        let kernel = builder.variable("kernel", shape: [8, 16])
        let loss = x.matmul(kernel.value).relu().reduceMean()
        for gradient in builder.gradients(of: loss, withRespectTo: [kernel]) {
            kernel.assignSubtract(gradient.crossReplicaSum() * 0.1)
        }
        var options = ExecutorOptions(threads: 2, lanes: 2)
        options.isProfiled = isProfiled
        return try LaneExecutor(program: builder.finish(loss: loss), options: options)
    }

    private func run(_ executor: LaneExecutor, steps: Int) throws {
        for _ in 0..<steps {
            try executor.feed([bytes([Float](repeating: 1, count: 64 * 8))])
            try #require(executor.run(iterations: 1).stepsRun == 1)
        }
    }

    @Test func tellsWhatEachRegionDoes() throws {
        let executor = try executor(isProfiled: true)
        try run(executor, steps: 3)
        let profile = try #require(executor.takeProfile())
        #expect(profile.steps == 3)
        let lanes = try #require(profile.regions.first { $0.grid == "lanes" })
        #expect(lanes.tasks == 2 && lanes.seconds > 0)
        #expect(lanes.instructions.contains { $0.description == "dot: float32[64,16] MatMul" && $0.seconds > 0 })
        #expect(lanes.instructions.contains { $0.description.hasPrefix("relu") })
        #expect(profile.regions.contains { $0.grid == "chunks" })
    }

    @Test func startsAnewEachTime() throws {
        let executor = try executor(isProfiled: true)
        try run(executor, steps: 2)
        _ = executor.takeProfile()
        #expect(executor.takeProfile()?.steps == 0)
        try run(executor, steps: 1)
        #expect(executor.takeProfile()?.steps == 1)
    }

    @Test func isNotThereUnlessAskedFor() throws {
        let executor = try executor(isProfiled: false)
        try run(executor, steps: 1)
        #expect(executor.takeProfile() == nil)
    }
}
