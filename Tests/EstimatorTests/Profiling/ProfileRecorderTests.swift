import Estimator
import Executor
import Formats
import Synchronization
import TestSupport
import Testing

/// Traces of a training's steps.
@Suite struct ProfileRecorderTests {
    /// A training of the model to a step; the closure is told each batch before it is read, by the first host.
    private func train(
        _ model: SmallModel, to steps: Int = 40, asking: @escaping @Sendable (TPUEstimator, Int) -> Void
    ) throws -> (profiles: [RunProfile], arrays: [[UInt8]], noted: Notebook.State) {
        let (folder, notebook, switchboard) = (try TemporaryFolder(), Notebook(), Switchboard())
        let asked = Mutex<Set<Int>>([])
        let input = CountingInput(base: try SmallModel.shuffled()) { batch in
            guard asked.withLock({ $0.insert(batch).inserted }), let estimator = switchboard.estimator else { return }
            asking(estimator, batch)
        }
        let estimator = try model.estimator(folder, notebook)
        switchboard.estimator = estimator
        defer { switchboard.estimator = nil }
        asking(estimator, -1)
        try estimator.train(
            input: input, maxSteps: steps, dataStart: .checkpoint,
            evaluation: EvalSpec(input: SmallModel.array(), steps: 2, everySteps: 10))
        return (notebook.profiles.withLock { $0 }, try folder.arrays(at: steps), notebook.noted)
    }

    /// What was asked for before the first step: from the first step on, as many as were asked for, on every track that there is.
    @Test(arguments: ExecutorUnderTest.all) func fromTheFirstStep(under: ExecutorUnderTest) throws {
        let model = SmallModel(iterations: 5, saveSteps: 10, hosts: 2, under: under)
        let (profiles, _, _) = try train(model) { estimator, batch in
            if batch == -1 { estimator.requestProfile(steps: 25) }
        }
        let profile = try #require(profiles.first)
        #expect(profiles.count == 1 && profile.firstStep == 1 && profile.lastStep == 25 && profile.dropped == 0)
        func names(_ track: RunProfile.Track) -> [String] { profile.spans.filter { $0.track == track }.map(\.name) }
        let steps = names(.device).filter { $0.hasPrefix("step") }
        #expect(steps == (1...25).map { "step \($0)" })
        #expect(names(.device).count { $0 == "evaluation, 2 steps" } == 2)
        for host in 0..<2 {
            let batches = names(.infeed(host: host)).compactMap { $0.hasPrefix("batch ") ? Int($0.dropFirst(6)) : nil }
            // A host is some batches ahead when the first step begins.
            let first = try #require(batches.first)
            #expect(batches == Array(first..<(first + batches.count)) && first <= 6 && batches.last ?? 0 >= 24)
        }
        #expect(names(.outfeed).count >= 3)
        #expect(names(.loop).contains("evaluation at step 10") && names(.loop).contains("copy for checkpoint 20"))
        // The first had begun before the trace did, the fifth had not ended.
        #expect(names(.loop).count { $0 == "device loop with hooks" } == 3)
        #expect(!names(.checkpoint).isEmpty && names(.checkpoint).allSatisfy { $0.hasPrefix("checkpoint ") })
        // In order, and within the time of the profile.
        for (one, next) in zip(profile.spans, profile.spans.dropFirst()) {
            #expect(one.nanoseconds.lowerBound <= next.nanoseconds.lowerBound)
        }
        let devices = profile.spans.filter { $0.track == .device && $0.name.hasPrefix("step") }
        for (one, next) in zip(devices, devices.dropFirst()) {
            #expect(one.nanoseconds.upperBound <= next.nanoseconds.lowerBound, "one step at a time")
        }
        #expect(profile.nanoseconds >= devices.last?.nanoseconds.upperBound ?? .max)
    }

    /// Asked for at random moments, also several times at once, in loops of random lengths: no number and no byte is another.
    @Test func changesNothing() throws {
        let undisturbed = try train(SmallModel(iterations: 7, keepMax: 0)) { _, _ in }
        #expect(undisturbed.profiles.isEmpty)
        for seed in 0..<20 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            let at = Dictionary(
                (0..<(1 + random.below(3))).map { _ in (random.below(40), 1 + random.below(12)) }, uniquingKeysWith: max
            )
            let run = try train(SmallModel(iterations: 7, keepMax: 0)) { estimator, batch in
                if let steps = at[batch] { estimator.requestProfile(steps: steps) }
            }
            #expect(run.arrays == undisturbed.arrays && run.noted == undisturbed.noted, "seed \(seed), \(at)")
            for profile in run.profiles {
                #expect(profile.lastStep <= 40 && profile.firstStep <= profile.lastStep, "seed \(seed), \(at)")
                let steps = profile.spans.filter { $0.track == .device && $0.name.hasPrefix("step") }
                #expect(steps.count == profile.lastStep - profile.firstStep + 1, "seed \(seed), \(at)")
            }
        }
    }

    /// A training that ends before leaves what there was of it; a stop still stops.
    @Test func endsBefore() throws {
        let short = try train(SmallModel(iterations: 5), to: 12) { estimator, batch in
            if batch == -1 { estimator.requestProfile(steps: 1000) }
        }
        #expect(short.profiles.map(\.lastStep) == [12])

        let (folder, notebook, switchboard) = (try TemporaryFolder(), Notebook(), Switchboard())
        let input = CountingInput(base: try SmallModel.shuffled()) { batch in
            guard batch == 6 else { return }
            switchboard.estimator?.requestProfile(steps: 3)
            switchboard.estimator?.requestStop(checkpoint: true)
        }
        let estimator = try SmallModel(iterations: 1000).estimator(folder, notebook)
        switchboard.estimator = estimator
        defer { switchboard.estimator = nil }
        let result = try estimator.train(input: input, maxSteps: 100_000, dataStart: .checkpoint)
        #expect(result.ending == .stopped(checkpointed: true) && result.globalStep < 20)
    }
}
