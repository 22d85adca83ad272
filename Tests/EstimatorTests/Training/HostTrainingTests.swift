import Estimator
import Formats
import Graph
import Testing

/// Training on the CPU, as TensorFlow's Estimator has it: a run is one step.
@Suite struct HostTrainingTests {
    /// What a hook hears.
    private final class Hearing: SessionHook {
        var heard: [String] = []

        func begin(_ scope: VariableScope) { heard.append("begin") }
        func beforeRun(_ context: SessionRunContext) -> [SessionOperation] {
            heard.append("before")
            return [.globalStep, .loss]
        }
        func afterRun(_ context: SessionRunContext, values: [SessionValue]) {
            guard case .integer(let step)? = values.first, case .real(let loss)? = values.last else { return }
            heard.append(loss < 100 ? "after \(step)" : "after \(step): \(loss)")
        }
        func end(_ session: any Session) { heard.append("end") }

        /// What it hears of so many steps.
        static func of(_ steps: Int) -> [String] {
            ["begin"] + (1...steps).flatMap { ["before", "after \($0)"] }
        }
    }

    /// Nil: loops of a time.
    private static func model(_ iterations: Int?, under: ExecutorUnderTest = .reference) -> SmallModel {
        SmallModel(
            isSharded: false, useTPU: false, iterations: iterations ?? 1, seconds: iterations == nil ? 1 : nil,
            saveSteps: 5, keepMax: 0, under: under)
    }

    /// Hooks, checkpoints, evaluations, losses and progress see each step, whatever the configuration says of loops.
    @Test(arguments: ExecutorUnderTest.all, [1, 3, 100, nil]) func everyStep(
        under: ExecutorUnderTest, iterations: Int?
    ) throws {
        let (folder, record, hook) = (try TemporaryFolder(), Record(), Hearing())
        let result = try Self.model(iterations, under: under).estimator(folder, record).trainAndEvaluate(
            train: TrainSpec(input: SmallModel.array(), maxSteps: 12, hooks: [hook]),
            evaluate: EvalSpec(input: SmallModel.array(), steps: 1, everySteps: 4))
        #expect(result.globalStep == 12 && result.ending == .finished)
        let seen = record.seen
        #expect(hook.heard == Hearing.of(12) + ["end"])
        #expect(seen.losses.map(\.step) == Array(1...12) && seen.progress.map(\.globalStep) == Array(1...12))
        #expect(seen.checkpoints.map(\.step) == [5, 10, 12])
        #expect(seen.evaluations.map(\.globalStep) == [4, 8, 12])
        #expect(seen.log.contains { $0.level == .info && $0.text == "Running train on CPU" })
        // The log's first line of the loss is that of the first step.
        #expect(seen.log.first { $0.text.hasPrefix("loss = ") }?.text.hasSuffix("step = 1") == true)
        #expect(!seen.log.contains { $0.text.contains("infeed") || $0.text.contains("TPU") })
    }

    /// Whatever the configuration says of loops, the bytes are the same.
    @Test func theSameBytes() throws {
        let bytes = try [1, 7, 100, nil].map { iterations in
            let folder = try TemporaryFolder()
            try Self.model(iterations).estimator(folder).train(input: try SmallModel.shuffled(), maxSteps: 12)
            return try folder.arrays(at: 12)
        }
        for other in bytes.dropFirst() { #expect(other == bytes[0]) }
    }

    /// The run that meets the input's end is begun, and no hook hears of a step that was not there: 50 rows are three batches of
    /// 16 and one of 2.
    @Test(arguments: [true, false]) func theInputsEnd(drops: Bool) throws {
        let (folder, record, hook) = (try TemporaryFolder(), Record(), Hearing())
        var input = SmallModel.array(repeats: 1)
        input.dropsRemainder = drops
        let steps = drops ? 3 : 4
        let result = try Self.model(100).estimator(folder, record).trainAndEvaluate(
            train: TrainSpec(input: input, maxSteps: nil, hooks: [hook]),
            evaluate: EvalSpec(input: SmallModel.array(), steps: 1, everySteps: steps))
        #expect(hook.heard == Hearing.of(steps) + ["before", "end"])
        #expect(result.globalStep == steps)
        #expect(
            result.ending
                == .inputEnded(InputExhaustion(rows: 50, batchSize: 16, stepsDone: steps, stepsAsked: steps)))
        #expect(record.seen.losses.map(\.step) == Array(1...steps))
        // That of the last step is the one at the end, and is made once.
        #expect(record.seen.evaluations.map(\.globalStep) == [steps])
        #expect(result.evaluation == record.seen.evaluations.last)
        #expect(record.seen.checkpoints.map(\.step) == [steps])
    }

    /// The feeding thread reads ahead, but no batch behind the last step.
    @Test func readsNoMoreThanItTrains() throws {
        let read = ReadBatches()
        try Self.model(100).estimator(TemporaryFolder()).train(
            input: SmallModel.array { read.add($0) }, maxSteps: 9)
        #expect(read.all == Array(0..<9))
    }

    /// A stop that comes in a step ends the training behind it.
    @Test func stops() throws {
        let folder = try TemporaryFolder()
        let switchboard = Switchboard()
        let record = Record { progress in
            if progress.globalStep == 3 { switchboard.estimator?.requestStop(checkpoint: true) }
        }
        let hook = Hearing()
        let estimator = try Self.model(100).estimator(folder, record)
        switchboard.estimator = estimator
        defer { switchboard.estimator = nil }
        let result = try estimator.train(input: SmallModel.array(), maxSteps: 40, hooks: [hook])
        #expect(result.ending == .stopped(checkpointed: true) && result.globalStep == 3)
        #expect(hook.heard == Hearing.of(3) + ["end"])
        #expect(record.seen.checkpoints.map(\.step) == [3])
    }

    /// A hook asks to stop behind any step.
    @Test func aHookStops() throws {
        final class Stopping: SessionHook {
            func afterRun(_ context: SessionRunContext, values: [SessionValue]) throws {
                if try context.session.variables.value(of: .globalStep) == 2 { context.requestStop() }
            }
        }
        let result = try Self.model(100).estimator(TemporaryFolder()).train(
            input: SmallModel.array(), maxSteps: 40, hooks: [Stopping()])
        #expect(result.globalStep == 2 && result.ending == .finished)
    }
}
