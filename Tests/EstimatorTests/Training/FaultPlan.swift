import Estimator
import Executor
import Graph
import OrderedCollections
import TestSupport

/// A run with failures at random places, and what becomes of it by the rule: the fault of the earliest step ends it.
struct FaultPlan: CustomStringConvertible {
    let seed: UInt64
    let isTraining: Bool
    let useTPU: Bool
    let hosts: Int
    let iterations: Int
    let steps: Int
    let stepsAhead: Int
    /// The batch at which each host fails, counted from 1.
    let failing: [Int: Int]
    /// The batch in place of which each host's input ends, counted from 1.
    let ending: [Int: Int]
    let deviceStep: Int?
    let outfeedStep: Int?
    /// The device loop behind which a hook fails, counted from 1.
    let hookLoop: Int?

    init(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        self.seed = seed
        isTraining = random.below(2) == 0
        useTPU = !isTraining || random.below(4) > 0
        hosts = useTPU ? [1, 2, 4, 8][random.below(4)] : 1
        iterations = 1 + random.below(6)
        steps = 1 + random.below(12)
        stepsAhead = 1 + random.below(5)
        let bound = steps + 2
        let (failingPercent, endingPercent) = ([0, 30, 80][random.below(3)], [0, 0, 20][random.below(3)])
        var (failing, ending) = ([Int: Int](), [Int: Int]())
        for host in 0..<hosts {
            failing[host] = random.below(100) < failingPercent ? 1 + random.below(bound) : nil
            ending[host] = random.below(100) < endingPercent ? 1 + random.below(bound) : nil
        }
        self.failing = failing
        self.ending = ending
        deviceStep = random.below(100) < 40 ? 1 + random.below(bound) : nil
        let outfeed = random.below(100) < 40 ? 1 + random.below(bound) : nil
        outfeedStep = isTraining ? nil : outfeed
        hookLoop = random.below(100) < 40 ? 1 + random.below(4) : nil
    }

    var description: String {
        "seed \(seed): \(isTraining ? "training" : "evaluation"), TPU \(useTPU), \(hosts) hosts, "
            + "\(iterations) iterations, \(steps) steps, \(stepsAhead) ahead, failing \(failing), ending \(ending), "
            + "device \(deviceStep ?? 0), outfeed \(outfeedStep ?? 0), hook \(hookLoop ?? 0)"
    }

    /// Where a run that this plan is for is to end.
    struct End: Equatable {
        var step: Int
        var source: RunFault.Source
        var host: Int?
    }

    /// On the CPU a run is one step, whatever the iterations.
    private var stepsOfLoop: Int { useTPU ? iterations : 1 }

    /// The fault that ends the run; nil: none does, as no step has one or an input ends before.
    var expected: End? {
        var loop = 1
        func hookFails() -> Bool { hookLoop == loop }
        for step in 1...steps {
            let isEnded = { (host: Int) in (ending[host] ?? .max) <= step }
            if let host = (0..<hosts).first(where: { failing[$0] == step && !isEnded($0) }) {
                return End(step: step, source: .infeed, host: host)
            }
            // The loop comes back with the steps before, and hooks are called; on the CPU there were none in this run.
            if (0..<hosts).contains(where: isEnded) {
                return useTPU && hookFails() ? End(step: step - 1, source: .hook) : nil
            }
            if deviceStep == step { return End(step: step, source: .device) }
            if outfeedStep == step { return End(step: step, source: .outfeed) }
            if step == steps || (isTraining && step % stepsOfLoop == 0) {
                if hookFails() { return End(step: step, source: .hook) }
                loop += 1
            }
        }
        return nil
    }
}

/// A metric's accumulator that fails at one of its updates.
struct FailingAccumulator: MetricAccumulator {
    let step: Int?
    private var updates = 0
    let value = 0.0

    init(step: Int?) { self.step = step }

    mutating func update(_ tensors: [HostTensor]) throws {
        updates += 1
        if updates == step { throw TestFailure("update \(updates)") }
    }
}

/// An executor whose device fails in one of its steps, once that has its input.
final class FailingStepExecutor: WrappingExecutor {
    let base: ReferenceExecutor
    private let step: Int?

    convenience init(program: Program, options: ExecutorOptions) throws(ExecutorError) {
        try self.init(program, options, step: nil)
    }

    init(_ program: Program, _ options: ExecutorOptions, step: Int?) throws(ExecutorError) {
        base = try ReferenceExecutor(program: program, options: options)
        self.step = step
    }

    func run(iterations: Int) throws -> LoopResult {
        var result = LoopResult()
        while result.stepsRun < iterations, !result.endedEarly {
            if let step, infeed.released == step - 1 {
                guard case .slot = try infeed.take() else {
                    result.endedEarly = true
                    break
                }
                infeed.release()
                throw ExecutorError(.kernelFailed, "step \(step)")
            }
            let one = try base.run(iterations: 1)
            result.stepsRun += one.stepsRun
            result.lossOfCoreZero = one.lossOfCoreZero ?? result.lossOfCoreZero
            result.endedEarly = one.endedEarly
        }
        return result
    }
}
