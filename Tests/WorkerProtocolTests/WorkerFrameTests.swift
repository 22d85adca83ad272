import Formats
import Jobs
import Testing
import WorkerProtocol
import TestSupport

@Suite struct WorkerFrameTests {
    static let reports: [WorkerReport] = [
        .started(startStep: 0, targetStep: 500), .heartbeat(workSeconds: 1.5), .log(bytes: 12),
        .progress(JobProgress(globalStep: 3, targetStep: 9)),
        .progress(
            JobProgress(
                globalStep: 3, targetStep: 9, loss: 0.1, stepsPerSecond: 2, examplesPerSecond: 3.5,
                infeedWaitFraction: 0, etaSeconds: 3)),
        .checkpoint(
            CheckpointReport(
                step: 100, files: [.init(name: "model.safetensors", bytes: 1, sha256: "ab")], keptBecause: "newest")),
        .series(
            name: "loss",
            points: [
                .init(step: 10, value: 0.5, unixSeconds: 1.25), .init(step: 20, value: nil, unixSeconds: nil),
                .init(step: 30, value: 1e-300, unixSeconds: 1),
            ]),
        .damaged(step: 10, detail: "model.safetensors is missing"), .series(name: "eval/loss", points: []),
        .started(startStep: 3, targetStep: nil),
        .evaluation(step: 4, values: ["accuracy": 0.5, "loss": nil]),
        .best(steps: [40, 10]), .best(steps: []),
        .outcome(OutcomeReport(outcome: .succeeded, endStep: 5, loss: 0.25, evaluation: ["loss": 1])),
        .outcome(
            OutcomeReport(
                outcome: .succeeded, endStep: 0,
                predictions: .init(name: "predictions.ndjson", bytes: 3, sha256: "ab"))),
        .outcome(OutcomeReport(outcome: .succeeded, endStep: 5, stoppedEarly: "Stopped early at step 5.")),
        .outcome(
            OutcomeReport(
                outcome: .nanLoss, failure: .init(code: "NAN_LOSS", message: "ü\n", step: 3, variable: "dense/kernel"))),
    ]

    @Test(arguments: reports) func workerFramesComeBack(report: WorkerReport) throws {
        let frame = WorkerFrame(epoch: 7, report: report)
        #expect(try WorkerFrame(Self.roundTrip(frame.json)) == frame)
    }

    /// A frame of progress in which one member has another value.
    private static func progress(_ name: String, _ value: JSON) -> JSON {
        var frame = WorkerFrame(epoch: 1, report: .progress(JobProgress(globalStep: 3))).json
        frame[name] = value
        return frame
    }

    static func roundTrip(_ json: JSON) throws -> JSON {
        var decoder = FrameDecoder(limit: FrameCodec.workerLimit)
        for byte in FrameCodec.encode(json) {
            #expect(try decoder.next() == nil)
            decoder.append([byte])
        }
        let value = try #require(try decoder.next())
        try decoder.finish()
        return value
    }

    @Test(
        arguments: [
            (JSON.null, "called ''"), (["frame": 1], "called ''"), (["frame": "x", "epoch": 1], "called 'x'"),
            (["frame": "heartbeat"], "'epoch' is missing"),
            (["frame": "heartbeat", "epoch": "1"], "'epoch' is not a whole"),
            (["frame": "heartbeat", "epoch": -1], "'epoch' is not a whole"),
            (["frame": "heartbeat", "epoch": nil], "'epoch' is null"),
            (["frame": "heartbeat", "epoch": 1, "work_seconds": 0, "more": 1], "unknown field 'more'"),
            (["frame": "log", "epoch": 1, "bytes": 1.5], "'bytes' is not a whole"),
            (Self.progress("steps_per_second", -1), "'steps_per_second' is not a number of at least 0"),
            (Self.progress("examples_per_second", -0.5), "'examples_per_second' is not a number of at least 0"),
            (Self.progress("eta_seconds", -1), "'eta_seconds' is not a number of at least 0"),
            (Self.progress("infeed_wait_fraction", -0.1), "'infeed_wait_fraction' is not a number from 0 to 1"),
            (Self.progress("infeed_wait_fraction", 1.5), "'infeed_wait_fraction' is not a number from 0 to 1"),
            (["frame": "evaluation", "epoch": 1, "step": 1, "values": ["a": "b"]], "'values/a' is not a number"),
            (
                ["frame": "series", "epoch": 1, "name": "loss", "steps": [1, 2], "values": [nil], "unix_s": [1, 2]],
                "'steps' has 2 entries, where there are 1 values and 2 times"
            ),
            (
                ["frame": "series", "epoch": 1, "name": "loss", "steps": [1], "values": [nil], "unix_s": [-1]],
                "'unix_s' has an entry"
            ),
            (["frame": "series", "epoch": 1, "name": "loss", "steps": [-1], "values": [nil]], "'steps' has an entry"),
            (["frame": "series", "epoch": 1, "name": "loss", "steps": [1], "values": ["a"]], "'values' has an entry"),
            (["frame": "evaluation", "epoch": 1, "step": 1, "values": []], "'values' is not an object"),
            (
                [
                    "frame": "outcome", "epoch": 1, "outcome": "WON", "end_step": nil, "loss": nil, "evaluation": nil,
                    "error": nil,
                ], "'outcome' is not an outcome"
            ),
            (
                ["frame": "checkpoint", "epoch": 1, "step": 1, "files": [1], "kept_because": ""],
                "'files' is not an object"
            ),
            (
                ["frame": "checkpoint", "epoch": 1, "step": 1, "files": [["name": 1]], "kept_because": ""],
                "'name' is not a string"
            ),
        ] as [(JSON, String)]) func badWorkerFramesAreRefused(json: JSON, words: String)
    {
        let error = #expect(throws: FrameError.self) { try WorkerFrame(json) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    /// Random damage to a stream of good frames: whatever comes out, nothing traps, and what is read as a frame writes
    /// itself as the same frame again.
    @Test func damageNeverTraps() throws {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        let good = Self.reports.flatMap { FrameCodec.encode(WorkerFrame(epoch: 7, report: $0).json) }
        for _ in 0..<3_000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let place = Int.random(in: bytes.indices, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
                case 1: bytes.remove(at: place)
                default: bytes.insert(UInt8.random(in: 32...126, using: &generator), at: place)
                }
            }
            var decoder = FrameDecoder(limit: 1 << 16)
            decoder.append(bytes)
            do throws(FrameError) {
                while let json = try decoder.next() {
                    let frame = try WorkerFrame(json)
                    let again = try WorkerFrame(frame.json)
                    #expect(again == frame, "seed \(seed)")
                }
            } catch {
                #expect(!error.description.isEmpty, "seed \(seed)")
            }
        }
    }
}
