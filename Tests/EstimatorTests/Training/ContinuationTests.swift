import Estimator
import Testing
import TestSupport

/// A job that was stopped and killed at any steps differs from one that was left alone in nothing: series, evaluations,
/// result, checkpoints and their bytes.
@Suite struct ContinuationTests {
    private static let target = 63
    private static let evaluationInterval = 15

    /// What came of a job.
    private struct Outcome: Equatable {
        var loss: Double?
        var evaluation: EvaluationResult?
        var series: [String: [Int: Double?]]
        /// Why each checkpoint stays, and the digests of its files.
        var checkpoints: [Int: [String]]
        /// The steps of the best checkpoints.
        var best: [Int]
        /// Why the evaluations ended it.
        var stoppedEarly: String?
        var step: Int
    }

    /// One disturbance: in the middle of which batch, and how.
    private struct Disturbance {
        enum Kind: CaseIterable {
            /// A stop request, which keeps what was reached.
            case stop
            /// An end without a word, of which all that was said before is known.
            case kill
            /// An end without a word, and what was said since the start is not known either.
            case killOfBoth
        }

        var batch: Int
        var kind: Kind
    }

    private struct Killed: Error {}

    private static func evaluation() throws -> EvalSpec {
        EvalSpec(input: SmallModel.array(), steps: 2, everySteps: evaluationInterval)
    }

    private func run(
        _ model: SmallModel, _ disturbances: [Disturbance], _ evaluation: EvalSpec? = nil
    ) throws -> Outcome {
        let folder = try TemporaryFolder()
        let notebook = Notebook()
        var left = disturbances
        while true {
            let next = left.popLast()
            let before = notebook.noted
            let switchboard = Switchboard()
            let input = CountingInput(base: try SmallModel.shuffled()) { batch in
                guard let next, batch == next.batch else { return }
                if next.kind == .stop {
                    switchboard.estimator?.requestStop(checkpoint: true)
                } else {
                    throw Killed()
                }
            }
            let estimator = try model.estimator(folder, notebook)
            switchboard.estimator = estimator
            defer { switchboard.estimator = nil }
            do {
                let result = try estimator.train(
                    input: input, maxSteps: Self.target, dataStart: .checkpoint,
                    evaluation: evaluation ?? Self.evaluation())
                if case .stopped = result.ending { continue }
                let records = try estimator.checkpointStore().records().filter { $0.reason != .stop }
                return Outcome(
                    loss: result.loss, evaluation: result.evaluation, series: notebook.noted.series,
                    checkpoints: Dictionary(
                        uniqueKeysWithValues: records.map { record in
                            (record.step, ["\(String(describing: record.reason))"] + record.files.map(\.sha256))
                        }), best: notebook.noted.best, stoppedEarly: result.stoppedEarly, step: result.globalStep)
            } catch is TrainingError {
                // What an attempt said belongs to it: with the daemon gone, too, only what lies in the folder is left.
                if next?.kind == .killOfBoth { notebook.noted = before }
            }
        }
    }

    /// No iterations: loops of a second.
    @Test(arguments: ExecutorUnderTest.all, [1, 7, 20, nil]) func sameAsUndisturbed(
        under: ExecutorUnderTest, iterations: Int?
    ) throws {
        let model = SmallModel(
            iterations: iterations ?? 1, seconds: iterations == nil ? 1 : nil, keepMax: 0, under: under)
        let undisturbed = try run(model, [])
        #expect(undisturbed.loss != nil && undisturbed.evaluation?.globalStep == Self.target)
        #expect(undisturbed.series["eval/loss"]?.count ?? 0 > 1 && undisturbed.stoppedEarly == nil)
        try isTheSame(model, undisturbed, nil)
    }

    /// Loops of a time have the numbers and the bytes of loops of any number of steps, where both have some.
    @Test(arguments: [1, 4, 7, 100]) func loopsOfATime(iterations: Int) throws {
        let counted = try run(SmallModel(iterations: iterations, keepMax: 0), [])
        let timed = try run(SmallModel(seconds: 1, keepMax: 0), [])
        #expect(timed.checkpoints.keys.sorted() == [10, 20, 30, 40, 50, 60, 63])
        // Checkpoints and evaluations, and no point is due by the summaries' hundred steps before the end.
        #expect(timed.series["loss"]?.keys.sorted() == [10, 15, 20, 30, 40, 45, 50, 60, 63])
        #expect(timed.series["eval/loss"]?.keys.sorted() == [15, 30, 45, 60, 63])
        for (step, files) in timed.checkpoints {
            // The state holds what was reported so far, at other steps.
            if let other = counted.checkpoints[step] { #expect(other[1...2] == files[1...2], "step \(step)") }
        }
        for (name, points) in timed.series {
            for (step, value) in points {
                if let other = counted.series[name]?[step] { #expect(other == value, "\(name) at \(step)") }
            }
        }
        #expect(timed.loss == counted.loss && timed.evaluation == counted.evaluation)
    }

    /// Evaluations that end the training, and whose best checkpoints stay.
    @Test(arguments: [1, 7], [1, 2]) func sameEarlyEnd(iterations: Int, patience: Int) throws {
        let model = SmallModel(iterations: iterations, saveSteps: 11, keepMax: 0)
        var evaluation = try Self.evaluation()
        // Under this optimizer its loss rises, so that it never gets better than at first.
        evaluation.earlyStopping = EarlyStopping(monitored: .init(name: "loss", mode: .min), patience: patience)
        evaluation.bestCheckpoints = BestCheckpoints(monitored: .init(name: "loss", mode: .max), count: 2)
        let undisturbed = try run(model, [], evaluation)
        let steps = undisturbed.series["eval/loss"]?.keys.sorted() ?? []
        #expect(steps.count == 1 + patience && steps.last == undisturbed.step && undisturbed.step < Self.target)
        #expect(undisturbed.evaluation?.globalStep == undisturbed.step)
        #expect(undisturbed.stoppedEarly?.contains("at step \(undisturbed.step): loss has not fallen below") == true)
        #expect(undisturbed.best == Array(steps.reversed().prefix(2)))
        #expect(undisturbed.best.allSatisfy { undisturbed.checkpoints[$0] != nil })
        try isTheSame(model, undisturbed, evaluation)
    }

    private func isTheSame(_ model: SmallModel, _ undisturbed: Outcome, _ evaluation: EvalSpec?) throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<12 {
            let disturbances = (0..<(1 + Int(random.next() % 4))).map { _ in
                Disturbance(
                    batch: Int(random.next() % UInt64(Self.target)),
                    kind: Disturbance.Kind.allCases[Int(random.next() % 3)])
            }
            let disturbed = try run(model, disturbances, evaluation)
            #expect(disturbed == undisturbed, "seed \(seed), \(disturbances)")
        }
    }

    /// The job reached its last step, but did not come to say so: the next attempt trains nothing and says the same.
    @Test func endNotTold() throws {
        let folder = try TemporaryFolder()
        let model = SmallModel(iterations: 7, keepMax: 0)
        func train(_ notebook: Notebook) throws -> TrainingResult {
            try model.estimator(folder, notebook).train(
                input: try SmallModel.shuffled(), maxSteps: Self.target, dataStart: .checkpoint,
                evaluation: EvalSpec(input: SmallModel.array(), steps: 2, everySteps: 15))
        }
        let (first, second) = (Notebook(), Notebook())
        let told = try train(first)
        let again = try train(second)
        #expect(again == told && told.loss != nil)
        #expect(second.noted.series == first.noted.series)
        #expect(second.noted.checkpoints == first.noted.checkpoints.filter { $0.key == Self.target })
    }

    /// A stop at the end of a loop where every run has a checkpoint leaves that, not one of its own.
    @Test func stopAtABoundaryIsNoExtra() throws {
        let folder = try TemporaryFolder()
        let switchboard = Switchboard()
        let record = Record { progress in
            if progress.globalStep == 20 { switchboard.estimator?.requestStop(checkpoint: true) }
        }
        let estimator = try SmallModel(iterations: 10, saveSteps: 10).estimator(folder, record)
        switchboard.estimator = estimator
        defer { switchboard.estimator = nil }
        let result = try estimator.train(
            input: try SmallModel.shuffled(), maxSteps: 40, dataStart: .checkpoint)
        #expect(result.ending == .stopped(checkpointed: true) && result.globalStep == 20)
        #expect(record.seen.checkpoints.map(\.reason) == [.interval, .interval])
    }
}
