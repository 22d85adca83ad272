import EstimatorProgram
import Formats
import Foundation
import Jobs
import Synchronization
import Testing
import Worker
import WorkerProtocol
import WorkerSupport

/// What a daemon hears of a program, over a real pair of sockets.
@Suite(.serialized) struct TPUEstimatorProgramTests {
    private typealias Body = @Sendable (ModelParameters, ProgramContext) async throws -> Void

    private static let steps = 40

    /// A job on 2 cores with data of its own.
    private static func spec(_ change: (inout JSON) -> Void = { _ in }) -> JSON {
        let input: JSON = [
            "source": ["synthetic": ["features": ["shape": [3]], "labels": ["classes": 2], "examples": 24]]
        ]
        var spec: JSON = [
            "mode": "train_and_evaluate", "program": ["name": "line"], "train_batch_size": 8, "eval_batch_size": 8,
            "params": ["rate": 0.5], "tpu_config": ["num_shards": 2, "iterations_per_loop": 5],
            "run_config": ["random_seed": 3, "save_checkpoints_steps": 10],
            "train": ["max_steps": JSON(steps), "input": input], "evaluate": ["steps": 3, "input": input],
        ]
        change(&spec)
        return spec
    }

    /// A linear classifier, whose rate is the job's.
    private static let line: Body = { params, context in
        let rate = LearningRate(try params.number("rate", default: 0.1))
        let estimator = try context.estimator { features, labels, mode, params, builder in
            let kernel = builder.variable("kernel", shape: [3, 2])
            let logits = features.elements[0].matmul(kernel.value)
            guard mode != .predict, let labels = labels?.only else {
                return TPUEstimatorSpec(mode: mode, predictions: ["class": logits.argMax(), "logits": logits])
            }
            let loss = Losses.sparseSoftmaxCrossEntropy(labels: labels, logits: logits)
            let optimizer = CrossShardOptimizer(MomentumOptimizer(learningRate: rate, momentum: 0.9))
            return TPUEstimatorSpec(
                mode: mode, loss: loss, trainOp: mode == .train ? try optimizer.minimize(loss) : nil,
                evalMetrics: EvalMetrics(
                    tensors: ["labels": labels, "logits": logits],
                    metrics: [.sparseCategoricalAccuracy(labels: "labels", scores: "logits")]))
        }
        try context.run(estimator)
    }

    private final class Folder: Sendable {
        let path = NSTemporaryDirectory() + "tpud-program-\(UUID())/01"

        deinit { try? FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent) }

        func bytes(_ file: String) -> Data? { FileManager.default.contents(atPath: "\(path)/\(file)") }
        var last: Data? { bytes("checkpoints/\(TPUEstimatorProgramTests.steps)/model.safetensors") }
    }

    /// Runs a program to its outcome.
    private func run(
        _ spec: JSON, in folder: Folder, roots: [String] = [],
        daemon: (WorkerPeer) throws -> Void = { _ in }, _ body: @escaping Body
    ) async throws -> [WorkerReport] {
        let peer = try WorkerPeer()
        peer.send(
            .start(
                Assignment(
                    job: "01", attempt: 1, epoch: 7, spec: spec, modelDirectory: folder.path, dataRoots: roots,
                    threads: 1, targetStep: Self.steps, heartbeat: 60)))
        let running = Task.detached {
            await TPUEstimatorProgram.run(
                socket: peer.workerEnd, log: -1, patience: 1, limitMemory: { _ in }, abandoned: {}, body)
        }
        try daemon(peer)
        let frames = try await Self.frames(from: peer)
        #expect(await running.value == .done)
        #expect(frames.allSatisfy { $0.epoch == 7 })
        return frames.map(\.report)
    }

    /// Waits on a thread of its own: the program has those of the tests.
    private static func frames(from peer: WorkerPeer) async throws -> [WorkerFrame] {
        try await withCheckedThrowingContinuation { continuation in
            Thread { continuation.resume(with: Result { try peer.frames() }) }.start()
        }
    }

    private func outcome(_ reports: [WorkerReport]) throws -> OutcomeReport {
        guard case .outcome(let outcome)? = reports.last else { throw WorkerPeer.Ended() }
        return outcome
    }

    @Test func aTrainingReportsItself() async throws {
        let folder = Folder()
        let reports = try await run(Self.spec(), in: folder, Self.line)
        let outcome = try outcome(reports)
        #expect(outcome.outcome == .succeeded && outcome.endStep == Self.steps && outcome.loss != nil, "\(outcome)")
        #expect(Set(outcome.evaluation?.keys.map { $0 } ?? []) == ["loss", "accuracy", "global_step"])
        #expect(reports.contains(.started(startStep: 0, targetStep: Self.steps)))
        var (points, checkpoints, evaluations): ([Int], [Int], [Int]) = ([], [], [])
        for report in reports {
            switch report {
            case .series(_, let told): points += told.map(\.step)
            case .checkpoint(let checkpoint): checkpoints.append(checkpoint.step)
            case .evaluation(let step, _): evaluations.append(step)
            default: break
            }
        }
        #expect(points == Array(stride(from: 5, through: Self.steps, by: 5)))
        #expect(checkpoints == [10, 20, 30, 40] && evaluations == [40])
        #expect(folder.bytes("spec.json") != nil)
    }

    /// A stop cuts the training and keeps what it has reached, and what follows it in the program does not run: the next attempt ends
    /// with the bytes of one that nobody has stopped.
    @Test(arguments: [StopIntent.pause, .drain, .cancel]) func aStopIsACutThatIsNotSeen(_ intent: StopIntent)
        async throws
    {
        let whole = Folder()
        _ = try await run(Self.spec(), in: whole, Self.line)
        let folder = Folder()
        let goesOn = Mutex(false)
        let reports = try await run(Self.spec(), in: folder, daemon: { $0.send(.stop(intent)) }) { params, context in
            while !context.isStopRequested { await Task.yield() }
            try await Self.line(params, context)
            goesOn.withLock { $0 = true }
        }
        let stopped = try outcome(reports)
        #expect(stopped.outcome == intent.outcome && stopped.failure == nil, "\(stopped)")
        #expect((stopped.endStep ?? 0) < Self.steps && !goesOn.withLock { $0 })
        #expect(folder.last == nil)
        let next = try await run(Self.spec(), in: folder, Self.line)
        #expect(try outcome(next).outcome == .succeeded)
        #expect(folder.last == whole.last && whole.last != nil)
    }

    /// A program that has its own words for a stop, or none, has stopped all the same.
    @Test func aStopThatTheProgramTakesForItsOwnIsOne() async throws {
        struct Other: Error {}
        for end: Body in [{ _, _ in throw Other() }, { _, _ in }] {
            let reports = try await run(Self.spec(), in: Folder(), daemon: { $0.send(.stop(.pause)) }) {
                params, context in
                while !context.isStopRequested { await Task.yield() }
                try await end(params, context)
            }
            #expect(try outcome(reports).outcome == .paused)
        }
    }

    @Test func whatTheProgramThrowsIsTheJobsFault() async throws {
        struct Own: Error, CustomStringConvertible { let description = "the moon is full" }
        let bodies: [(String, Body)] = [
            ("the moon is full", { _, _ in throw Own() }),
            (
                "params.rate must be a whole number, not 0.5",
                { params, _ in _ = try params.integer("rate", default: 1) }
            ),
            (
                "nowhere.csv does not exist under the data roots",
                { _, context in _ = try context.dataFile("nowhere.csv") }
            ),
            ("../x is outside of the data roots", { _, context in _ = try context.dataFile("../x") }),
            (
                "does not exist in model_dir/x",
                { _, context in
                    throw TrainingError.inputFailed(detail: "does not exist in \(context.modelDirectory)/x")
                }
            ),
        ]
        for (words, body) in bodies {
            let reports = try await run(Self.spec(), in: Folder(), body)
            let outcome = try outcome(reports)
            #expect(outcome.outcome == .userError && outcome.failure?.code == "USER_ERROR", "\(words): \(outcome)")
            #expect(outcome.failure?.message.contains(words) == true, "\(outcome)")
        }
    }

    @Test func aProgramThatTrainsNothingHasSucceeded() async throws {
        let reports = try await run(Self.spec(), in: Folder()) { _, context in context.log("nothing to do") }
        #expect(try outcome(reports).outcome == .succeeded)
        #expect(reports.contains(.started(startStep: 0, targetStep: nil)))
    }

    /// All that the job says comes through, and inputs that it does not give are nil.
    @Test func theContextSaysWhatTheJobSays() async throws {
        let seen = Mutex<[String]>([])
        let spec = Self.spec { spec in
            spec["train"]?["input"] = nil
            spec["evaluate"]?["every_steps"] = 20
        }
        let root = NSTemporaryDirectory()
        let folder = Folder()
        _ = try await run(spec, in: folder, roots: ["/nowhere", root]) { params, context in
            let file = "\(UUID())"
            try Data().write(to: URL(filePath: "\(root)/\(file)"))
            defer { try? FileManager.default.removeItem(atPath: "\(root)/\(file)") }
            let found = try context.dataFile(file) == "\(root)/\(file)"
            seen.withLock {
                $0 = [
                    context.mode.rawValue, context.job, "\(context.attemptNumber)", "\(context.seed)",
                    "\(context.useTPU)", "\(context.numShards)", "\(context.trainBatchSize ?? 0)",
                    "\(context.evalBatchSize ?? 0)", "\(context.predictBatchSize == nil)", "\(context.maxSteps ?? 0)",
                    "\(context.evalSteps ?? 0)", "\(context.evalEverySteps ?? 0)", "\(context.trainInput == nil)",
                    "\(context.evalInput == nil)", "\(context.predictInput == nil)", "\(found)",
                    "\(context.modelDirectory == folder.path)", "\(params["rate"] == .double(0.5))",
                ]
            }
        }
        #expect(
            seen.withLock { $0 } == [
                "train_and_evaluate", "01", "1", "3", "true", "2", "8", "8", "true", "40", "3", "20", "true", "false",
                "true", "true", "true", "true",
            ])
        let reports = try await run(spec, in: Folder(), Self.line)
        let lacking = try outcome(reports)
        #expect(lacking.failure?.message.hasPrefix("train.input is required") == true, "\(lacking)")
    }

    /// Variables come from a file by their names; predictions go to a file.
    @Test func variablesOfAFilePredict() async throws {
        let trained = Folder()
        _ = try await run(Self.spec(), in: trained, Self.line)
        let folder = Folder()
        let spec = Self.spec { spec in
            spec["mode"] = "predict"
            spec["warm_start_from"] = ["path": .string("checkpoints/\(Self.steps)/model.safetensors")]
            spec["predict"] = ["input": spec["train"]?["input"] ?? .null]
            spec["train"] = nil
            spec["evaluate"] = nil
        }
        let reports = try await run(spec, in: folder, roots: [trained.path], Self.line)
        let outcome = try outcome(reports)
        #expect(outcome.outcome == .succeeded && outcome.predictions?.name == "predictions.ndjson", "\(outcome)")
        let lines = String(decoding: folder.bytes("predictions.ndjson") ?? Data(), as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 24 && lines.first?.hasPrefix(#"{"index":0,"class":"#) == true, "\(lines.first ?? "")")
        let last = try JSON(parsing: Array(lines[23].utf8))
        #expect(last["index"] == 23 && last["logits"]?.array?.count == 2 && last["class"]?.int != nil)
    }

    @Test func aFaultyJobEndsBeforeTheProgram() async throws {
        let spec = Self.spec { $0["train_batch_size"] = 7 }
        let reports = try await run(spec, in: Folder()) { _, _ in Issue.record("it runs") }
        let outcome = try outcome(reports)
        #expect(outcome.outcome == .userError)
        #expect(outcome.failure?.message.contains("/train_batch_size 7 must be divisible") == true, "\(outcome)")
    }
}
