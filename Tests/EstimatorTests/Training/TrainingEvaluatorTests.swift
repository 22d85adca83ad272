import Estimator
import TestSupport
import Testing

/// At which steps a training evaluates.
@Suite struct TrainingEvaluatorTests {
    private func evaluated(iterations: Int, every: Int?, target: Int, folder: TemporaryFolder? = nil) throws -> [Int] {
        let record = Record()
        let model = SmallModel(trainBatchSize: 8, iterations: iterations)
        let result = try model.estimator(try folder ?? TemporaryFolder(), record).train(
            input: SmallModel.array(), maxSteps: target, dataStart: .checkpoint,
            evaluation: EvalSpec(input: SmallModel.array(), steps: 1, everySteps: every))
        #expect(result.evaluation?.globalStep == target)
        return record.seen.evaluations.map(\.globalStep)
    }

    /// At the first end of a loop at or past each multiple, and once at the end.
    @Test(
        arguments: [
            (4, 5, 16, [8, 12, 16]), (3, 3, 9, [3, 6, 9]), (10, 1, 12, [10, 12]), (1, 4, 9, [4, 8, 9]),
            (5, 100, 10, [10]), (5, nil, 10, [10]), (5, 0, 10, [10]), (5, -1, 10, [10]), (5, .max, 10, [10]),
            (5, .min, 10, [10]),
        ] as [(Int, Int?, Int, [Int])]) func steps(iterations: Int, every: Int?, target: Int, steps: [Int]) throws
    {
        #expect(try evaluated(iterations: iterations, every: every, target: target) == steps)
    }

    /// Two calls evaluate where one would, and besides where the first ended.
    @Test func twoCalls() throws {
        let seed: UInt64 = 7
        var random = SeededGenerator(seed: seed)
        for _ in 0..<6 {
            let (iterations, every) = (1 + random.below(5), 1 + random.below(6))
            let (first, target) = (1 + random.below(12), 13)
            let whole = try evaluated(iterations: iterations, every: every, target: target)
            let folder = try TemporaryFolder()
            let one = try evaluated(iterations: iterations, every: every, target: first, folder: folder)
            let other = try evaluated(iterations: iterations, every: every, target: target, folder: folder)
            let context = "seed \(seed): \(iterations) iterations, every \(every), first to \(first)"
            #expect((one + other).filter { $0 != first } == whole.filter { $0 != first }, "\(context)")
            #expect(one.last == first, "\(context)")
        }
    }

    /// However often evaluations are due, one that would begin too soon is left out, but not the last.
    @Test func throttled() throws {
        let record = Record()
        let result = try SmallModel(iterations: 2).estimator(TemporaryFolder(), record).trainAndEvaluate(
            train: TrainSpec(input: SmallModel.array(), maxSteps: 10),
            evaluate: EvalSpec(
                input: SmallModel.array(), steps: 1, name: "held out", everySteps: 2, throttleSeconds: 3600))
        #expect(record.seen.evaluations.map(\.globalStep) == [2, 10])
        #expect(result.evaluation?.name == "held out" && result.evaluation == record.seen.evaluations.last)
    }

    /// Hooks of a training that is evaluated: each of both kinds around its own runs.
    @Test func hooks() throws {
        let (training, evaluation) = (RunCounter(), RunCounter())
        try SmallModel(iterations: 2).estimator(TemporaryFolder()).trainAndEvaluate(
            train: TrainSpec(input: SmallModel.array(), maxSteps: 8, hooks: [training]),
            evaluate: EvalSpec(input: SmallModel.array(), steps: 3, hooks: [evaluation], everySteps: 4))
        #expect(training.calls == ["begin", "run", "run", "run", "run", "end"])
        #expect(evaluation.calls == ["begin", "run", "end", "begin", "run", "end"])
    }

    private final class RunCounter: SessionHook {
        var calls: [String] = []
        func begin(_ scope: VariableScope) { calls.append("begin") }
        func afterRun(_ context: SessionRunContext, values: [SessionValue]) { calls.append("run") }
        func end(_ session: any Session) { calls.append("end") }
    }

    /// On the TPU the number of steps is needed before anything is trained.
    @Test func withoutSteps() throws {
        let record = Record()
        #expect(throws: EstimatorError.evalStepsMissing) {
            try SmallModel().estimator(TemporaryFolder(), record).train(
                input: SmallModel.array(), maxSteps: 3,
                evaluation: EvalSpec(input: SmallModel.array(), steps: nil))
        }
        #expect(record.seen.started.isEmpty)
        // On the CPU it is the whole input.
        let model = SmallModel(isSharded: false, evalBatchSize: 16, useTPU: false)
        let result = try model.estimator(TemporaryFolder()).train(
            input: SmallModel.array(), maxSteps: 3,
            evaluation: EvalSpec(input: SmallModel.array(repeats: 1), steps: nil))
        #expect(result.evaluation?.rows == 50)
    }
}
