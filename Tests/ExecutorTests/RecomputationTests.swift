import Executor
import Graph
import Testing

struct RecomputationTests {
    private static let models: [(name: String, program: Program)] = {
        let made: [(String, () throws -> Program)] = [
            ("perceptron", { try SmallModels.perceptron(batch: 32) }),
            ("convolutions", { try SmallModels.convolutions(batch: 16, layers: 6) }),
            ("attention", { try SmallModels.attention(batch: 16, blocks: 6) }),
        ]
        // A model that can't be built is missed by the test of their number.
        return made.compactMap { name, make in (try? make()).map { (name, $0) } }
    }()

    private static func options(_ replicas: Int, lanes: Int? = nil, memory: Int? = nil) -> ExecutorOptions {
        var options = ExecutorOptions(
            replicas: replicas, threads: 2, lanes: lanes, infeedCapacity: 4, outfeedCapacity: 4, seed: 5)
        options.memoryBytes = memory
        return options
    }

    private static func memory(_ program: Program, _ options: ExecutorOptions) throws -> PlanMemory {
        try PlanMemory(of: program, options)
    }

    @Test func allModelsAreThere() { #expect(Self.models.count == 3) }

    /// Nothing is computed twice while all of it fits, or where nobody asked.
    @Test func whatFitsIsKept() throws {
        for (name, program) in Self.models {
            let plain = try Self.memory(program, Self.options(1))
            #expect(plain.recomputation == nil, "\(name)")
            #expect(try Self.memory(program, Self.options(1, memory: plain.bytes)) == plain, "\(name)")
        }
    }

    /// The least that fits is taken; where nothing fits, the smallest plan. With norms over the batch what is cheap is most
    /// of what is kept; of a lane's own values whole segments save more.
    @Test(arguments: [1, 2])
    func theLeastThatFitsIsTaken(replicas: Int) throws {
        for (name, program) in Self.models.dropFirst() {
            let plain = try Self.memory(program, Self.options(replicas))
            let below = try Self.memory(program, Self.options(replicas, memory: plain.bytes - 1))
            let least = try Self.memory(program, Self.options(replicas, memory: 1))
            #expect(below.recomputation != nil && below.bytes < plain.bytes, "\(name) \(plain) \(below)")
            #expect(least.recomputation != nil && least.bytes <= below.bytes, "\(name) \(below) \(least)")
            #expect(least.bytes < plain.bytes, "\(name) \(plain) \(least)")
            #expect(try Self.memory(program, Self.options(replicas, memory: below.bytes)) == below, "\(name)")
            #expect(name != "convolutions" || below.recomputation == .cheap)
            #expect(name != "attention" || least.recomputation == .segments)
        }
    }

    /// Losses and variables have the same bits whatever is computed twice.
    @Test(arguments: [1, 2, 4])
    func bitsAreTheSame(replicas: Int) throws {
        for (name, program) in Self.models {
            let plain = try Self.memory(program, Self.options(replicas))
            for lanes in [nil, 3] as [Int?] {
                func outcome(_ memory: Int?) throws -> LaneExecutorTests.Outcome {
                    try LaneExecutorTests.outcome(
                        LaneExecutor(program: program, options: Self.options(replicas, lanes: lanes, memory: memory)),
                        program, replicas: replicas, runs: [2, 1], seed: 3)
                }
                let kept = try outcome(nil)
                for memory in [plain.bytes - 1, 1] {
                    #expect(try outcome(memory) == kept, "\(name), \(replicas) cores, limit \(memory)")
                }
            }
        }
    }

    @Test func bitsOfAnyDenseProgramAreTheSame() throws {
        for seed in 0..<40 as Range<UInt64> {
            let program = try DenseProgram.make(seed: seed)
            func outcome(_ memory: Int?) throws -> LaneExecutorTests.Outcome {
                try LaneExecutorTests.outcome(
                    LaneExecutor(program: program, options: Self.options(2, memory: memory)), program, replicas: 2,
                    runs: [2], seed: seed)
            }
            #expect(try outcome(1) == outcome(nil), "seed \(seed)")
        }
    }

    /// Of n layers about √n results are kept: four times as many layers take about twice the memory for them.
    @Test func memoryGrowsWithTheRootOfTheDepth() throws {
        func workers(_ blocks: Int, _ memory: Int?) throws -> Int {
            try Self.memory(SmallModels.attention(batch: 16, blocks: blocks), Self.options(1, memory: memory)).workers
        }
        let (few, many) = (try workers(4, 1), try workers(16, 1))
        #expect(many < 3 * few, "\(few) \(many)")
        #expect(try workers(16, nil) > 2 * many)
    }
}
