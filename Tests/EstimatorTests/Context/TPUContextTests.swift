import Estimator
import TestSupport
import Testing

/// Hosts, cores and batch sizes; the source's own cases are those of `SeedContextConformanceTests`.
@Suite struct TPUContextTests {
    private func context(
        shards: Int = 8, train: Int? = 64, eval: Int? = 32, perHost: Bool = true, useTPU: Bool = true
    ) throws -> TPUContext {
        TPUContext(
            config: RunConfig(tpuConfig: try TPUConfig(numShards: shards, perHostInputForTraining: perHost)),
            trainBatchSize: train, evalBatchSize: eval, useTPU: useTPU)
    }

    @Test(arguments: [
        (1, 1, 1), (2, 2, 1), (8, 8, 1), (9, 8, 1), (16, 8, 2), (20, 8, 2), (2048, 8, 256),
    ])
    func hosts(shards: Int, coresPerHost: Int, hosts: Int) throws {
        let context = try context(shards: shards)
        #expect(context.numCores == shards)
        #expect(context.numOfCoresPerHost == coresPerHost)
        #expect(context.numHosts == hosts)
    }

    /// Where each mode runs.
    @Test(arguments: [
        (ModeKeys.train, true, true, false), (.train, false, true, true), (.evaluate, true, true, false),
        (.evaluate, true, false, true), (.evaluate, false, true, true), (.predict, true, true, true),
    ])
    func runningOnCPU(mode: ModeKeys, useTPU: Bool, hasEvalBatch: Bool, isOnCPU: Bool) throws {
        let context = try context(eval: hasEvalBatch ? 32 : nil, useTPU: useTPU).withMode(mode)
        #expect(try context.isRunningOnCPU == isOnCPU)
    }

    /// Only the per-host option decides, and only in training.
    @Test(arguments: ModeKeys.allCases, [true, false]) func inputPerCore(mode: ModeKeys, perHost: Bool) throws {
        let context = try context(perHost: perHost, useTPU: false).withMode(mode)
        #expect(try context.isInputShardedPerCore == (mode == .train && !perHost))
    }

    @Test func batchSizesOfTheTPU() throws {
        let perHost = try context(shards: 16).withMode(.train)
        #expect(try perHost.batchSizeForInputFunction == 32)
        #expect(try perHost.batchSizeForModelFunction == 4)
        #expect(try context(shards: 16, perHost: false).withMode(.train).batchSizeForInputFunction == 4)
        #expect(try perHost.withMode(.evaluate).batchSizeForModelFunction == 2)
        #expect(try perHost.withMode(.predict).batchSizeForModelFunction == nil)
        // On the CPU the batch is not divided.
        #expect(try context(shards: 16, useTPU: false).withMode(.train).batchSizeForModelFunction == 64)
    }

    /// Cores' and hosts' batches never exceed the global one, and lack less than a row a part.
    @Test func partsOfABatch() throws {
        let seed: UInt64 = 5
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let shards = random.below(300) + 1
            let batch = random.below(100_000)
            let context = try context(shards: shards, train: batch, perHost: random.below(2) == 0).withMode(.train)
            let core = try #require(try context.batchSizeForModelFunction)
            let input = try #require(try context.batchSizeForInputFunction)
            let parts = try context.isInputShardedPerCore ? context.numCores : context.numHosts
            #expect((0..<shards).contains(batch - core * shards), "seed \(seed): \(batch) on \(shards)")
            #expect((0..<parts).contains(batch - input * parts), "seed \(seed): \(batch) on \(shards)")
            #expect(context.numHosts * context.numOfCoresPerHost <= shards, "seed \(seed): \(shards)")
        }
    }

    @Test func needsAMode() throws {
        let context = try context()
        #expect(throws: EstimatorError.modeNotSet) { try context.mode }
        #expect(throws: EstimatorError.modeNotSet) { try context.isRunningOnCPU }
        #expect(throws: EstimatorError.modeNotSet) { try context.isInputShardedPerCore }
        #expect(throws: EstimatorError.modeNotSet) { try context.batchSizeForInputFunction }
        #expect(throws: EstimatorError.modeNotSet) { try context.withMode(.train).withMode(nil).mode }
        #expect(try context.withMode(.predict).mode == .predict)
    }
}
