import Executor
import Graph
import Testing

/// Every executor against the definition, on programs drawn from seeds.
struct ExecutorAgreementTests {
    /// Fixed ones: near a corner (maximum, argMax) two right roundings may part, which a fresh seed would find some day.
    private static let seeds: Range<UInt64> = 0..<12

    @Test(arguments: ExecutorUnderTest.all.dropFirst(), seeds)
    func agreesWithTheReference(executor: ExecutorUnderTest, seed: UInt64) throws {
        let program = try Passes.optimize(RandomProgram.make(seed: seed))
        let expected = try results(of: ExecutorUnderTest.all[0], program, seed)
        let results = try results(of: executor, program, seed)
        for (name, value) in expected {
            let worst = zip(results[name] ?? [], value).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? .infinity
            #expect(worst < 1e-4, "seed \(seed), \(executor.name), \(name)")
        }
    }

    /// What two steps on four cores hand out and leave behind, by name.
    private func results(
        of executor: ExecutorUnderTest, _ program: Program, _ seed: UInt64
    ) throws -> [String: [Float]] {
        let device = try executor.make(program, ExecutorOptions(replicas: 4, seed: 3))
        for step in 0..<2 as Range<UInt64> {
            try device.feed(RandomProgram.inputs(of: program, replicas: 4, seed: seed &+ 100 &* step))
        }
        let result = try device.run(iterations: 2)
        try #require(result.stepsRun == 2)
        var results = ["loss": [Float(result.lossOfCoreZero ?? .nan)]]
        for step in 0..<2 {
            for value in try #require(try device.outfeed?.dequeue()) {
                results["\(value.name)/\(step)"] = floats(value.bytes)
            }
        }
        for variable in program.variables { results[variable.name] = floats(try device.read(variable: variable.name)) }
        return results
    }
}
