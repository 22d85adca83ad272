import Estimator
import Formats
import Graph
import OrderedCollections
import Synchronization
import Testing

/// Functions on the host that get what the cores send behind steps of a training or an evaluation.
@Suite struct HostCallTests {
    /// What a host call's function was called with.
    private final class Calls: Sendable {
        struct Call: Equatable {
            var step: Int
            var classes: [Int64]
            var losses: [Double]
        }

        private let kept = Mutex<[Call]>([])
        let failsAt: Int?

        init(failsAt: Int? = nil) { self.failsAt = failsAt }

        var all: [Call] { kept.withLock { $0 } }

        /// Of the parameters `classes` and `loss`.
        var function: HostFunction {
            HostFunction(["classes", "loss"]) { arguments in
                if arguments.globalStep == self.failsAt { throw TestFailure("no room at \(arguments.globalStep)") }
                let call = Call(
                    step: arguments.globalStep, classes: try #require(arguments["classes"]).integers,
                    losses: try #require(arguments["loss"]).doubles)
                #expect(arguments["other"] == nil && arguments.furtherTensors.isEmpty)
                self.kept.withLock { $0.append(call) }
            }
        }
    }

    private typealias MakeCall = @Sendable (_ labels: Tensor, _ loss: Tensor) throws -> HostCall

    private static func estimator(
        _ folder: TemporaryFolder, iterations: Int = 2, every: Int = 1, useTPU: Bool = true, hosts: Int? = nil,
        saveSteps: Int? = nil, under: ExecutorUnderTest = .reference, record: Record = Record(),
        tracer: EventTracer = .silent, hooks: Hooks? = nil, _ makeCall: MakeCall?
    ) throws -> TPUEstimator {
        var execution = under.execution(hosts: hosts)
        execution.tracer = tracer
        return try TPUEstimator(
            modelFunction: { features, labels, mode, _, builder in
                let (x, labels) = (try #require(features.only), try #require(labels?.only))
                let kernel = builder.variable("dense/kernel", shape: [6, 3])
                let loss = Losses.sparseSoftmaxCrossEntropy(labels: labels, logits: x.matmul(kernel.value))
                let optimizer = CrossShardOptimizer(KerasSGD(learningRate: 0.1))
                return TPUEstimatorSpec(
                    mode: mode, loss: loss, trainOp: mode == .train ? try optimizer.minimize(loss) : nil,
                    evalMetrics: EvalMetrics(tensors: ["x": x], metrics: [.mean("x", name: "average")]),
                    hostCall: try makeCall?(labels, loss), trainingHooks: hooks.map { [$0.training] } ?? [],
                    evaluationHooks: hooks.map { [$0.evaluation] } ?? [])
            },
            config: RunConfig(
                tpuConfig: try TPUConfig(iterationsPerLoop: iterations, numShards: 8, hostCallEverySteps: every),
                modelDirectory: folder.path, randomSeed: 5, saveCheckpointsSteps: saveSteps),
            useTPU: useTPU, trainBatchSize: 16, evalBatchSize: 16, execution: execution, observer: record)
    }

    private static func call(_ calls: Calls) -> MakeCall {
        let function = calls.function
        return { HostCall(function, ["loss": $1.reshape(to: [1]), "classes": $0]) }
    }

    /// The classes of a step's batch of 16, in the order of its rows; of 50 rows, again and again.
    private static func classes(_ step: Int) -> [Int64] {
        (0..<16).map { Int64(SmallModel.classes[((step - 1) * 16 + $0) % 50]) }
    }

    /// In the first step and in every so many behind it, with all cores' rows in core order, wherever loops end.
    @Test(arguments: ExecutorUnderTest.all, [(1, 1, nil), (2, 1, nil), (7, 3, 2), (100, 4, 8)] as [(Int, Int, Int?)])
    func trainingOnTheTPU(under: ExecutorUnderTest, numbers: (iterations: Int, every: Int, hosts: Int?)) throws {
        let (folder, calls, record) = (try TemporaryFolder(), Calls(), Record())
        try Self.estimator(
            folder, iterations: numbers.iterations, every: numbers.every, hosts: numbers.hosts, under: under,
            record: record, Self.call(calls)
        ).train(input: SmallModel.array(), steps: 11)
        #expect(calls.all.map(\.step) == Array(stride(from: 1, through: 11, by: numbers.every)))
        for call in calls.all {
            #expect(call.classes == Self.classes(call.step) && call.losses.count == 8)
            // The loss that is reported is core 0's.
            if let reported = record.seen.losses.first(where: { $0.step == call.step }) {
                #expect(call.losses[0] == reported.loss)
            }
        }
        #expect(record.seen.log.contains { $0.text == "Start outfeed thread controller" })
        // It changes nothing in what is trained.
        let other = try TemporaryFolder()
        try Self.estimator(other, under: under, nil).train(input: SmallModel.array(), steps: 11)
        #expect(try folder.arrays(at: 11) == other.arrays(at: 11))
    }

    /// A training that goes on calls in the steps in which one that was never cut does.
    @Test func goingOn() throws {
        let (folder, calls) = (try TemporaryFolder(), Calls())
        for last in [5, 6, 12] {
            try Self.estimator(folder, iterations: 4, every: 3, Self.call(calls)).train(
                input: SmallModel.array(), maxSteps: last, dataStart: .checkpoint)
        }
        #expect(calls.all.map(\.step) == [1, 4, 7, 10])
        #expect(calls.all.map(\.classes) == [1, 4, 7, 10].map(Self.classes))
    }

    /// On the CPU each step is one, that of the short last batch, too; and a scalar is no fault.
    @Test(arguments: ExecutorUnderTest.all) func trainingOnTheCPU(under: ExecutorUnderTest) throws {
        let (folder, calls, record) = (try TemporaryFolder(), Calls(), Record())
        let function = calls.function
        try Self.estimator(folder, every: 3, useTPU: false, under: under, record: record) {
            try HostCall(function, [$0, $1])
        }.train(input: SmallModel.array(repeats: 1))
        #expect(calls.all.map(\.step) == [1, 2, 3, 4])
        #expect(calls.all.map(\.classes.count) == [16, 16, 16, 2])
        #expect(calls.all.flatMap(\.classes) == SmallModel.classes.map(Int64.init))
        #expect(calls.all.flatMap(\.losses) == record.seen.losses.map(\.loss))
    }

    /// An evaluation calls in each of its steps, and its numbers are those of one without.
    @Test(arguments: ExecutorUnderTest.all, [true, false]) func evaluation(under: ExecutorUnderTest, useTPU: Bool)
        throws
    {
        let (folder, calls) = (try TemporaryFolder(), Calls())
        try Self.estimator(folder, useTPU: useTPU, under: under, nil).train(input: SmallModel.array(), steps: 4)
        let without = try Self.estimator(folder, useTPU: useTPU, under: under, nil).evaluate(
            input: SmallModel.array(), steps: 3)
        let with = try Self.estimator(folder, every: 5, useTPU: useTPU, under: under, Self.call(calls)).evaluate(
            input: SmallModel.array(), steps: 3)
        #expect(with == without)
        #expect(calls.all.map(\.step) == [4, 4, 4])
        #expect(calls.all.map(\.classes) == [1, 2, 3].map(Self.classes))
    }

    /// What the function throws ends the run at its step: the loops before have left their checkpoints.
    @Test(arguments: [true, false], [1, 3]) func aFunctionThatFails(useTPU: Bool, iterations: Int) throws {
        for _ in 0..<5 {
            let (folder, calls, log) = (try TemporaryFolder(), Calls(failsAt: 5), TraceLog())
            #expect(throws: TrainingError.hostCallFailed(detail: "no room at 5")) {
                try Self.estimator(
                    folder, iterations: iterations, useTPU: useTPU, saveSteps: 3, tracer: log.tracer, Self.call(calls)
                ).train(input: SmallModel.array(), steps: 12)
            }
            #expect(calls.all.map(\.step) == [1, 2, 3, 4])
            #expect(try folder.names("checkpoints") == ["3"])
            #expect(log.records.map(\.event).contains(.fault(step: 5, source: .outfeed, host: nil)))
        }
    }

    /// A stop ends a loop early, and what is not trained is not called.
    @Test func aStop() throws {
        let (folder, calls) = (try TemporaryFolder(), Calls())
        let switchboard = Switchboard()
        let input = SmallModel.array { batch in
            if batch == 6 { switchboard.estimator?.requestStop(checkpoint: true) }
        }
        let estimator = try Self.estimator(folder, iterations: 100, Self.call(calls))
        switchboard.estimator = estimator
        defer { switchboard.estimator = nil }
        let result = try estimator.train(input: input, steps: 1000)
        #expect(result.ending == .stopped(checkpointed: true) && result.globalStep < 1000)
        #expect(calls.all.map(\.step) == Array(1..<(result.globalStep + 1)))
    }

    @Test func whatDoesNotFit() throws {
        func error(useTPU: Bool = true, _ record: Record = Record(), _ make: @escaping MakeCall) throws
            -> EstimatorError?
        {
            do {
                try Self.estimator(TemporaryFolder(), useTPU: useTPU, record: record, make).train(
                    input: SmallModel.array(), steps: 1)
                return nil
            } catch let error as EstimatorError { return error }
        }
        let function = Calls().function
        #expect(
            try error { labels, _ in try HostCall(function, [labels]) }
                == .hostCallArgumentCount(expected: 2, actual: 1))
        #expect(try error { HostCall(function, ["classes": $0, "loss": $1]) } == .outfeedScalar("loss"))
        #expect(try error { try HostCall(function, [$0, $1]) } == .outfeedScalar("loss"))
        for useTPU in [true, false] {
            let record = Record()
            #expect(
                try error(useTPU: useTPU, record) { labels, _ in HostCall(function, ["classes": labels, "x": labels]) }
                    == .hostCallArgumentNames(missing: ["loss"], unexpected: ["x"]))
            #expect(
                record.seen.log.contains {
                    $0.level == .warning && $0.text.hasPrefix("Exception while calling host_call: ")
                })
        }
        // One that takes more gets more, and parameters may be left out.
        let seen = Mutex<[Int]>([])
        let open = HostFunction(["a", "b"], optional: ["b"], takesMorePositions: true, takesMoreNames: true) {
            arguments in
            seen.withLock {
                $0 += [arguments.furtherTensors.count, arguments["b"] == nil ? 0 : 1, arguments["c"]?.shape[0] ?? 0]
            }
        }
        #expect(try error { labels, _ in try HostCall(open, [labels, labels, labels, labels]) } == nil)
        #expect(try error { labels, _ in HostCall(open, ["a": labels, "c": labels]) } == nil)
        #expect(seen.withLock { $0 } == [2, 1, 0, 0, 0, 16])
        #expect(throws: EstimatorError.notPositive(name: "TPUConfig experimental_host_call_every_n_steps", value: 0)) {
            try TPUConfig(hostCallEverySteps: 0)
        }
    }

    /// What is built, in order: what the cores send behind the training operation, and what the host makes of it before the hooks.
    @Test func order() throws {
        let log = TraceLog()
        try Self.estimator(TemporaryFolder(), tracer: log.tracer, Self.call(Calls())).train(
            input: SmallModel.array(), steps: 1)
        let built = log.records.compactMap { record -> BuildEvent? in
            if case .build(let event) = record.event { event } else { nil }
        }
        let first = try #require(built.firstIndex(of: .outfeedEnqueue(tensors: ["loss", "classes"])))
        let devices = (0..<8).map { BuildEvent.outfeedDequeue(device: "/task:0/device:TPU:\($0)", count: 2) }
        let joined = (0..<2).map { place in
            BuildEvent.concatenation(
                name: "/host_call/\(place)", axis: 0, device: "/replica:0/task:0/device:CPU:0",
                inputs: (0..<8).map { "core\($0)/\(place)" })
        }
        let expected: [BuildEvent] =
            [
                .outfeedEnqueue(tensors: ["loss", "classes"]), .identity(after: ["outfeed_enqueue:0"]),
                .repeatEnd(name: "loop"),
            ]
            + devices + joined
            + [
                .hostFunction(tensors: ["loss", "classes"]),
                .infeedOutfeedHook(job: nil, hosts: 1, dequeue: ["host_call"]),
            ]
        #expect(Array(built[first..<(first + expected.count)]) == expected)
    }

    // MARK: Hooks of the spec

    private final class Counting: SessionHook {
        var calls: [String] = []
        func begin(_ scope: VariableScope) { calls.append("begin") }
        func afterRun(_ context: SessionRunContext, values: [SessionValue]) { calls.append("run") }
        func end(_ session: any Session) { calls.append("end") }
    }

    // @unchecked: hooks are looked at by the thread that trains.
    private struct Hooks: @unchecked Sendable {
        let training = Counting()
        let evaluation = Counting()
    }

    /// A spec for the TPU brings hooks along: one run is a loop on the TPU, on the CPU a step.
    @Test(arguments: [true, false]) func hooksOfTheSpec(useTPU: Bool) throws {
        let hooks = Hooks()
        try Self.estimator(TemporaryFolder(), iterations: 3, useTPU: useTPU, hooks: hooks, nil).trainAndEvaluate(
            train: TrainSpec(input: SmallModel.array(), maxSteps: 6),
            evaluate: EvalSpec(input: SmallModel.array(), steps: 2, everySteps: 3))
        let runs = useTPU ? 2 : 6
        #expect(hooks.training.calls == ["begin"] + [String](repeating: "run", count: runs) + ["end"])
        let evaluation = ["begin"] + [String](repeating: "run", count: useTPU ? 1 : 2) + ["end"]
        #expect(hooks.evaluation.calls == evaluation + evaluation)
    }
}
