import Estimator
import Executor
import Formats
import Graph
import Testing

@Suite struct CrossShardOptimizerTests {
    /// Without a surrounding shard context there is one shard; the sum is in the graph all the same.
    @Test func crossShard() throws {
        func program(_ reduction: CrossShardOptimizer.Reduction, shards: Int?) throws -> Program {
            let builder = GraphBuilder()
            let variable = try builder.variable("w", NDArray(OptimizerRun.initial))
            let loss = variable.value.square().reduceSum()
            let optimizer = CrossShardOptimizer(GradientDescentOptimizer(learningRate: 1), reduction: reduction)
            _ = try ShardContext.$numberOfShards.withValue(shards) { try optimizer.minimize(loss) }
            return try builder.finish(loss: loss)
        }
        for shards in [nil, 1, 4] {
            for reduction in [CrossShardOptimizer.Reduction.mean, .sum] {
                let program = try program(reduction, shards: shards)
                #expect(program.contains(.crossReplicaSum))
                // w − lr · Σ 2w (/ shards): four cores' sum is 8w, their mean 2w.
                let run = try ProgramRun(program, on: .reference, replicas: shards ?? 1)
                #expect(try #require(run.step([]).loss) == 5.25)
                let factor: Float = reduction == .sum && shards == 4 ? -7 : -1
                #expect(try run.variable("w") == OptimizerRun.initial.map { $0 * factor })
            }
        }
    }

    /// The mean is that of a group, and a group's sum is its own.
    @Test func groupsAddUpForThemselves() throws {
        let builder = GraphBuilder()
        let variable = try builder.variable("w", NDArray(OptimizerRun.initial))
        let factor = builder.replicaIndex().cast(to: .float32) + 1
        let loss = variable.value.reduceSum() * factor
        let optimizer = CrossShardOptimizer(
            GradientDescentOptimizer(learningRate: 1), groupAssignment: [[0, 3], [1, 2]])
        _ = try ShardContext.$numberOfShards.withValue(4) { try optimizer.minimize(loss) }
        let run = try ProgramRun(builder.finish(loss: loss), on: .reference, replicas: 4)
        try run.step([])
        // Core 0's group has the factors 1 and 4, the mean of which is 2.5.
        #expect(try run.variable("w") == OptimizerRun.initial.map { $0 - 2.5 })
    }

    @Test(
        arguments: [
            ([[0, 1], [2]], .groupAssignmentIncomplete(numShards: 4)),
            ([[0, 1], [1, 2]], .groupAssignmentIncomplete(numShards: 4)),
            ([[0, 1, 2], [3]], .groupAssignmentUneven(sizes: [3, 1])),
        ] as [([[Int]], EstimatorError)])
    func groupsArePartitions(groups: [[Int]], expected: EstimatorError) throws {
        let builder = GraphBuilder()
        let loss = builder.variable("w", shape: [2], initializer: .zeros).value.reduceSum()
        let optimizer = CrossShardOptimizer(GradientDescentOptimizer(learningRate: 1), groupAssignment: groups)
        #expect(throws: expected) {
            try ShardContext.$numberOfShards.withValue(4) { try optimizer.minimize(loss) }
        }
    }
}
