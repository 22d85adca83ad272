import Executor
import Graph
import Testing

struct PlanMemoryTests {
    private static func options(_ replicas: Int, threads: Int = 2, lanes: Int? = nil) -> ExecutorOptions {
        ExecutorOptions(replicas: replicas, threads: threads, lanes: lanes, infeedCapacity: 3, outfeedCapacity: 2)
    }

    /// The figure is what an executor of the program has allocated, to the byte.
    @Test(arguments: [1, 2, 8], [nil, 1, 3, 16] as [Int?])
    func isWhatAnExecutorAllocates(replicas: Int, lanes: Int?) throws {
        for seed in 0..<20 as Range<UInt64> {
            for program in [try DenseProgram.make(seed: seed), try RandomProgram.make(seed: seed)] {
                let options = Self.options(replicas, lanes: lanes)
                let memory = try PlanMemory(of: program, options)
                let executor = try LaneExecutor(program: program, options: options)
                #expect(memory.bytes == executor.bytes, "seed \(seed)")
                #expect(memory.queues == executor.infeed.byteCount + (executor.outfeed?.byteCount ?? 0), "seed \(seed)")
            }
        }
    }

    /// A chain of regions, each of which needs the one before alone, takes memory for two of them, however long it is.
    @Test func valuesOfDifferentRegionsShareMemory() throws {
        func buffers(regions: Int) throws -> Int {
            let builder = GraphBuilder()
            var x = builder.infeed(TensorType(.float32, [256, 64]))
            // The mean over all rows has to be known before the next rows are.
            for _ in 0..<regions { x = (x - x.reduceMean(axes: [0], keepDimensions: true)).tanh() }
            let program = try builder.finish(outfeed: [("y", x)])
            return try PlanMemory(of: program, Self.options(1, lanes: 2)).buffers
        }
        let (some, many) = (try buffers(regions: 4), try buffers(regions: 12))
        #expect(many - some < 256 * 64 * 4)
        #expect(some >= 2 * 256 * 64 * 4)
    }

    @Test func sizesBeyondAnyMachineAreFiguresToo() throws {
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, [1 << 31, 1 << 16]))
        let program = try builder.finish(outfeed: [("y", x.reduceSum(axes: [1]))])
        #expect(try PlanMemory(of: program, Self.options(2)).bytes > 1 << 51)
        #expect(try PlanMemory(of: program, Self.options(2048)).bytes > 1 << 61)
    }

    @Test func optionsAreValidated() throws {
        let program = try DenseProgram.make(seed: 1)
        #expect(throws: ExecutorError.self) { try PlanMemory(of: program, Self.options(0)) }
    }
}
