import Executor
import Graph
import Testing

/// The lane executor against the definition, and against itself under all that must not show in the bits.
struct LaneExecutorTests {
    /// What a run of some steps left behind.
    struct Outcome: Equatable {
        var losses: [Double] = []
        var outfeed: [[[UInt8]]] = []
        var variables: [[UInt8]] = []
    }

    /// Runs `runs.reduce(0, +)` steps, as many at a time as `runs` says, each host feeding its part.
    static func outcome(
        _ executor: any ProgramExecutor, _ program: Program, replicas: Int, hosts: Int = 1, runs: [Int], seed: UInt64
    ) throws -> Outcome {
        var outcome = Outcome()
        var step: UInt64 = 0
        for count in runs {
            for index in 0..<count {
                let inputs = DenseProgram.inputs(
                    of: program, replicas: replicas, seed: seed &+ 1000 &* (step + UInt64(index)))
                for host in 0..<hosts {
                    _ = try executor.infeed.fill(host: host) { buffers in
                        for (buffer, bytes) in zip(buffers, inputs) {
                            let start = buffer.count * host
                            buffer.copyBytes(from: bytes[start..<(start + buffer.count)])
                        }
                        return true
                    }
                }
            }
            let result = try executor.run(iterations: count)
            try #require(result.stepsRun == count && result.notFinite == nil)
            outcome.losses.append(result.lossOfCoreZero ?? .nan)
            for _ in 0..<count {
                if let values = try executor.outfeed?.dequeue() { outcome.outfeed.append(values.map(\.bytes)) }
            }
            step += UInt64(count)
        }
        outcome.variables = try program.variables.map { try executor.read(variable: $0.name) }
        return outcome
    }

    static func options(
        _ replicas: Int, hosts: Int = 1, threads: Int = 1, lanes: Int? = nil, seed: UInt64
    ) -> ExecutorOptions {
        ExecutorOptions(
            replicas: replicas, hosts: hosts, threads: threads, lanes: lanes, infeedCapacity: 4, outfeedCapacity: 4,
            seed: seed)
    }

    private func expectClose(_ a: Outcome, _ b: Outcome, _ program: Program, _ comment: Comment) {
        func check(_ x: [UInt8], _ y: [UInt8], _ dtype: DType, _ name: String) {
            guard dtype == .float32 else {
                #expect(x == y, "\(name), \(comment)")
                return
            }
            let worst = zip(floats(x), floats(y)).max { abs($0.0 - $0.1) < abs($1.0 - $1.1) }
            let isClose = zip(floats(x), floats(y)).allSatisfy { abs($0 - $1) <= 2e-5 + 2e-4 * abs($1) }
            #expect(isClose, "\(name) \(String(describing: worst)), \(comment)")
        }
        for (x, y) in zip(a.losses, b.losses) { #expect(abs(x - y) <= 1e-5 + 1e-4 * abs(y), comment) }
        for (x, y) in zip(a.outfeed, b.outfeed) {
            // A prediction may differ where two logits are as good as equal.
            for (place, entry) in program.outfeed.enumerated() where program[entry.value].op.kind != .argMax {
                check(x[place], y[place], program[entry.value].type.dtype, entry.name)
            }
        }
        for (place, variable) in program.variables.enumerated() {
            check(a.variables[place], b.variables[place], variable.type.dtype, variable.name)
        }
    }

    @Test(arguments: [1, 2, 3, 4, 8, 16])
    func agreesWithTheDefinitionOnDensePrograms(replicas: Int) throws {
        for seed in 0..<25 as Range<UInt64> {
            let program = try DenseProgram.make(seed: seed)
            let runs = [2, 1]
            let reference = try Self.outcome(
                ReferenceExecutor(program: program, options: Self.options(replicas, seed: seed)), program,
                replicas: replicas, runs: runs, seed: seed)
            for lanes in [nil, 1, 2, 3, 8, 16] as [Int?] {
                let executor = try LaneExecutor(
                    program: program, options: Self.options(replicas, lanes: lanes, seed: seed))
                let outcome = try Self.outcome(executor, program, replicas: replicas, runs: runs, seed: seed)
                expectClose(
                    outcome, reference, program,
                    "seed \(seed), \(replicas) cores, \(lanes.map(String.init) ?? "chosen") lanes")
            }
        }
    }

    @Test(arguments: [1, 3, 8])
    func agreesWithTheDefinitionOnAnyProgram(replicas: Int) throws {
        for seed in 0..<60 as Range<UInt64> {
            let program = try RandomProgram.make(seed: seed)
            let inputs = RandomProgram.inputs(of: program, replicas: replicas, seed: seed)
            let options = Self.options(replicas, seed: seed)
            func run(_ executor: any ProgramExecutor) throws -> Outcome {
                try executor.feed(inputs)
                let result = try executor.run(iterations: 1)
                return Outcome(
                    losses: [result.lossOfCoreZero ?? .nan],
                    outfeed: [try #require(try executor.outfeed?.dequeue()).map(\.bytes)],
                    variables: [try executor.read(variable: "v")])
            }
            let reference = try run(ReferenceExecutor(program: program, options: options))
            for (lanes, chains) in [(nil, nil), (2, 1), (16, nil), (16, 3)] as [(Int?, Int?)] {
                var options = options
                options.lanes = lanes
                options.chains = chains
                let outcome = try run(LaneExecutor(program: program, options: options))
                expectClose(outcome, reference, program, "seed \(seed), \(replicas) cores")
            }
        }
    }

    /// Variables of so many elements that an update is cut into many tasks, two of one size and one of another.
    @Test(arguments: [1, 3])
    func largeVariablesAreUpdatedInPieces(threads: Int) throws {
        let builder = GraphBuilder()
        let rate = builder.infeed(TensorType(.float32, [1])).reduceSum().crossReplicaSum()
        let names = ["a", "b", "c"]
        for (name, shape) in zip(names, [[300, 401], [300, 401], [70_001]] as [Shape]) {
            let variable = builder.variable(name, shape: shape, initializer: .uniform(low: -1, high: 1))
            let slot = builder.variable("\(name)/slot", shape: shape, initializer: .ones, isTrainable: false)
            variable.assignSubtract(slot.assign(slot.value * 0.5 + variable.value) * rate)
        }
        let program = try builder.finish()
        func values(_ executor: any ProgramExecutor) throws -> [[UInt8]] {
            for _ in 0..<2 { try executor.feed([bytes([0.25, 0.125] as [Float])]) }
            try #require(try executor.run(iterations: 2).stepsRun == 2)
            return try program.variables.map { try executor.read(variable: $0.name) }
        }
        let options = ExecutorOptions(replicas: 2, threads: threads, seed: 7)
        let expected = try values(ReferenceExecutor(program: program, options: options)).map(floats)
        let result = try values(LaneExecutor(program: program, options: options)).map(floats)
        for (a, b) in zip(result, expected) {
            #expect(a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-6 })
        }
    }

    @Test(arguments: [1, 2, 3, 4, 8, 16])
    func bitsDependOnTheJobAlone(replicas: Int) throws {
        for seed in 100..<112 as Range<UInt64> {
            let program = try DenseProgram.make(seed: seed)
            for lanes in [nil, 4] as [Int?] {
                func run(threads: Int, hosts: Int, runs: [Int]) throws -> Outcome {
                    let executor = try LaneExecutor(
                        program: program,
                        options: Self.options(replicas, hosts: hosts, threads: threads, lanes: lanes, seed: seed))
                    return try Self.outcome(
                        executor, program, replicas: replicas, hosts: hosts, runs: runs, seed: seed)
                }
                let one = try run(threads: 1, hosts: 1, runs: [4])
                for (threads, hosts, runs) in [
                    (2, 1, [4]), (3, replicas, [4]), (2, replicas.isMultiple(of: 2) ? 2 : 1, [1, 3]),
                    (1, 1, [1, 1, 2]),
                ] {
                    let other = try run(threads: threads, hosts: hosts, runs: runs)
                    let comment: Comment = "seed \(seed), \(threads) threads, \(hosts) hosts, runs \(runs)"
                    #expect(other.losses.last == one.losses.last, comment)
                    #expect(other.outfeed == one.outfeed, comment)
                    #expect(other.variables == one.variables, comment)
                }
            }
        }
    }
}
