import Estimator
import Executor
import Glibc
import Graph
import Synchronization
import TestSupport
import Testing

/// Runs in which several things fail: what ends them depends on what fails, never on which thread was faster.
@Suite struct FaultOrderTests {
    /// What a run told.
    private struct Outcome: Equatable {
        var cause: String
        var fault: FaultPlan.End?
        var log: [String]
    }

    /// The threads of a run yield at random, each of its repetitions at other moments.
    private func run(_ plan: FaultPlan, disturbance: UInt64) throws -> Outcome {
        let (record, log) = (Record(), TraceLog())
        let random = Mutex(SeededGenerator(seed: plan.seed ^ disturbance << 32))
        let hostRows = 16 / plan.hosts
        let input = GivenInput { request, batch in
            for _ in 0..<random.withLock({ $0.below(40) }) { sched_yield() }
            let host = request.rows.lowerBound / hostRows
            if plan.ending[host] == batch + 1 { return nil }
            if plan.failing[host] == batch + 1 { throw TestFailure("host \(host), batch \(batch + 1)") }
            return request.rows.count
        }
        var execution = ExecutionOptions(inputStepsAhead: plan.stepsAhead)
        execution.hosts = plan.hosts
        execution.tracer = log.tracer
        execution.makeExecutor = { try FailingStepExecutor($0, $1, step: plan.deviceStep) }
        let folder = try TemporaryFolder()
        let estimator = try TPUEstimator(
            modelFunction: model(plan),
            config: RunConfig(
                tpuConfig: try TPUConfig(iterationsPerLoop: plan.iterations, numShards: 8),
                modelDirectory: folder.path),
            useTPU: plan.useTPU, trainBatchSize: 16, evalBatchSize: 16, execution: execution, observer: record)
        let hook = FailingHook(loop: plan.hookLoop)
        var cause = "none"
        do {
            if plan.isTraining {
                try estimator.train(input: input, steps: plan.steps, hooks: [hook])
            } else {
                // Evaluation needs a checkpoint, which a run without faults leaves.
                try trained(folder, plan)
                _ = try estimator.evaluate(input: input, steps: plan.steps, hooks: [hook])
            }
        } catch { cause = "\(error)" }
        var fault: FaultPlan.End?
        for case .fault(let step, let source, let host) in log.records.map(\.event) {
            #expect(fault == nil, "\(plan): one fault ends a run")
            fault = FaultPlan.End(step: step, source: source, host: host)
        }
        return Outcome(cause: cause, fault: fault, log: record.seen.log.map { "\($0.level) \($0.text)" })
    }

    private func trained(_ folder: TemporaryFolder, _ plan: FaultPlan) throws {
        try TPUEstimator(
            modelFunction: model(plan),
            config: RunConfig(tpuConfig: try TPUConfig(numShards: 8), modelDirectory: folder.path),
            trainBatchSize: 16, execution: .reference
        ).train(input: GivenInput { request, _ in request.rows.count }, steps: 1)
    }

    private func model(_ plan: FaultPlan) -> ModelFunction {
        { features, labels, mode, _, builder in
            let x = try #require(features.only)
            let kernel = builder.variable("kernel", shape: [6, 1], initializer: .zeros)
            let loss = x.matmul(kernel.value).square().reduceMean()
            return TPUEstimatorSpec(
                mode: mode, loss: loss,
                trainOp: mode == .train
                    ? try CrossShardOptimizer(GradientDescentOptimizer(learningRate: 0.1)).minimize(loss) : nil,
                evalMetrics: EvalMetrics(
                    tensors: ["x": x],
                    metrics: [
                        Metric(name: "failing", inputs: ["x"]) { FailingAccumulator(step: plan.outfeedStep) }
                    ]))
        }
    }

    /// Fails behind one of the device loops.
    private final class FailingHook: SessionHook {
        private let loop: Int?
        private var loops = 0

        init(loop: Int?) { self.loop = loop }

        func afterRun(_ context: SessionRunContext, values: [SessionValue]) throws {
            loops += 1
            if loops == loop { throw TestFailure("hook \(loops)") }
        }
    }

    private static let infeedLine =
        "error Failed running infeed, closing session.\nYou may see an exception from your main session after this."

    @Test func theEarliestStepsFaultEndsTheRun() throws {
        var ends: [RunFault.Source: Int] = [:]
        for seed in 0..<200 as Range<UInt64> {
            let plan = FaultPlan(seed: seed)
            let outcome = try run(plan, disturbance: 1)
            #expect(outcome.fault == plan.expected, "\(plan): \(outcome)")
            if let source = outcome.fault?.source { ends[source, default: 0] += 1 }
            let lines = outcome.log.count { $0 == Self.infeedLine }
            #expect(lines == (outcome.fault?.source == .infeed && plan.useTPU ? 1 : 0), "\(plan): \(outcome)")
            switch outcome.fault {
            case let end? where end.source == .infeed:
                #expect(outcome.cause.contains("host \(end.host ?? -1), batch \(end.step)"), "\(plan): \(outcome)")
            case let end? where end.source == .device: #expect(outcome.cause.contains("step \(end.step)"))
            case let end? where end.source == .outfeed: #expect(outcome.cause.contains("update \(end.step)"))
            default: break
            }
            let again = try run(plan, disturbance: 2)
            #expect(again == outcome, "\(plan)")
        }
        // Whether the cases have all of them.
        #expect(RunFault.Source.allCases.allSatisfy { ends[$0, default: 0] > 5 }, "\(ends)")
    }

    /// A session that the main thread has closed is no failure of the infeed, however many steps it had still to feed.
    @Test func aFaultOfTheDeviceIsNotTheInfeeds() throws {
        for disturbance in 1..<20 as Range<UInt64> {
            var seed: UInt64 = 0
            while FaultPlan(seed: seed).expected?.source != .device || FaultPlan(seed: seed).hosts < 4 { seed += 1 }
            let outcome = try run(FaultPlan(seed: seed), disturbance: disturbance)
            #expect(!outcome.log.contains(Self.infeedLine), "\(outcome)")
        }
    }
}
