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
}
