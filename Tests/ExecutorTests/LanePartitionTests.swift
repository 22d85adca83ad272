import Executor
import Graph
import Testing

/// Into how many lanes and chains the rows of a step are cut, as printed plans say it.
struct LanePartitionTests {
    /// A step whose only product has weights of so many columns, 1,024 rows each, on 4,096 rows.
    private func firstLine(columns: Int, _ options: ExecutorOptions = ExecutorOptions()) throws -> String {
        let builder = GraphBuilder()
        let kernel = builder.variable("kernel", shape: [1_024, columns])
        let loss = builder.infeed(TensorType(.float32, [4_096 / options.replicas, 1_024])).matmul(kernel.value)
            .reduceMean()
        let gradient = builder.gradients(of: loss, withRespectTo: [kernel])[0]
        kernel.assignSubtract(gradient.crossReplicaSum())
        let text = try LaneExecutor(program: builder.finish(loss: loss), options: options).planText
        return String(try #require(text.split(separator: "\n").first).prefix { $0 != ";" })
    }

    /// A gradient's partial sums take 4 KiB a column and chain.
    @Test(
        arguments: [
            (1_024, 16), (2_047, 16), (2_048, 8), (4_000, 8), (4_096, 4), (9_000, 4),
        ] as [(columns: Int, chains: Int)])
    func partialSumsTakeAtMost128MebibytesOrThoseOfFourChains(columns: Int, chains: Int) throws {
        #expect(try firstLine(columns: columns) == "16 lanes of up to 256 samples in \(chains) chains, 4096 a core")
    }

    @Test func chainsAreOfWholeLanesAndNoMoreThanThese() throws {
        for (lanes, chains, expected) in [(5, 2, 2), (5, 5, 5), (5, 9, 5), (1, 3, 1)] {
            let line = try firstLine(columns: 8, ExecutorOptions(lanes: lanes, chains: chains))
            #expect(line.hasPrefix("\(lanes) lanes ") && line.contains(" in \(expected) chains"), "\(line)")
        }
        #expect(throws: ExecutorError.self) { try firstLine(columns: 8, ExecutorOptions(chains: 0)) }
    }

    /// What a training leaves, for any number of threads the same bytes; and for any number of chains the same sums, whose
    /// order alone is another.
    @Test(arguments: [1, 2]) func chainsChangeTheOrderOfSumsAlone(cores: Int) throws {
        let program = try SmallModels.convolutions(batch: 16 / cores, layers: 2)
        func outcome(chains: Int?, threads: Int) throws -> LaneExecutorTests.Outcome {
            let options = ExecutorOptions(replicas: cores, threads: threads, lanes: 8, chains: chains, seed: 3)
            return try LaneExecutorTests.outcome(
                LaneExecutor(program: program, options: options), program, replicas: cores, runs: [2], seed: 3)
        }
        let expected = try outcome(chains: nil, threads: 1)
        for chains in [1, 3, 8] {
            let found = try outcome(chains: chains, threads: 1)
            #expect(try outcome(chains: chains, threads: 3) == found)
            for (a, b) in zip(found.variables.map(floats), expected.variables.map(floats)) {
                #expect(zip(a, b).allSatisfy { abs($0 - $1) <= 1e-5 * max(1, abs($1)) }, "\(chains) chains")
            }
        }
    }
}
