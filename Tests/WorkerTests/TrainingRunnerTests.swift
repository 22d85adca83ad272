import Estimator
import Formats
import Foundation
import Jobs
import Synchronization
import Testing
import Worker
import WorkerProtocol
import WorkerSupport

/// What the daemon hears of a job that trains.
@Suite struct TrainingRunnerTests {
    private static let steps = 2000

    private static var spec: JSON {
        let input: JSON = [
            "source": ["synthetic": ["features": ["shape": [2]], "labels": ["classes": 3], "examples": 12]]
        ]
        return [
            "mode": "train", "use_tpu": false, "train_batch_size": 4,
            "model": [["Dense": ["units": 3, "input_shape": [2]]]],
            "loss": ["SparseCategoricalCrossentropy": ["from_logits": true]], "optimizer": "sgd",
            "train": ["max_steps": JSON(steps), "input": input],
        ]
    }

    /// Every step of a training on the CPU is a run of its own, and the daemon hears of some: of all points of the loss, and of the
    /// last step before the outcome.
    @Test func aRunForEachStepIsNoFloodOfFrames() throws {
        let folder = NSTemporaryDirectory() + "tpud-runner-\(UUID())"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let peer = try WorkerPeer()
        let done = DispatchSemaphore(value: 0)
        Thread {
            _ = WorkerMain.run(socket: peer.workerEnd, log: -1, runner: TrainingRunner()) {}
            done.signal()
        }.start()
        peer.send(
            .start(
                Assignment(
                    job: "01", attempt: 1, epoch: 3, spec: Self.spec, modelDirectory: folder, dataRoots: [],
                    threads: 1, targetStep: Self.steps, heartbeat: 60)))
        let reports = try peer.frames().map(\.report)
        done.wait()
        var (progress, points): ([JobProgress], [SeriesPoint]) = ([], [])
        for report in reports {
            switch report {
            case .progress(let told): progress.append(told)
            case .series(name: ReportedSeries.loss, points: let told): points += told
            default: break
            }
        }
        #expect(points.map(\.step) == Array(1...Self.steps))
        #expect(progress.count < Self.steps / 4 && progress.last?.globalStep == Self.steps)
        guard case .outcome(let outcome)? = reports.last else {
            Issue.record("\(String(describing: reports.last))")
            return
        }
        #expect(outcome.outcome == .succeeded && outcome.endStep == Self.steps)
        #expect(outcome.loss == progress.last?.loss)
    }
}
