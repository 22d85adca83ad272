import Estimator
import OrderedCollections
import Synchronization

/// An observer that keeps a job's series as a daemon does: what an attempt writes again replaces what was there, and
/// what came after the step that it goes on from is forgotten.
final class Notebook: JobObserver {
    struct State: Equatable {
        /// Value by step by series.
        var series: [String: [Int: Double?]] = [:]
        /// Reason by step.
        var checkpoints: [Int: CheckpointReason?] = [:]
        /// The steps of the best checkpoints, the best first.
        var best: [Int] = []
    }

    private let state = Mutex(State())
    /// The profiles that it was told of.
    let profiles = Mutex<[RunProfile]>([])

    /// What is noted; set to what was noted earlier, as if the rest had never been told.
    var noted: State {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }

    func trainingStarted(step: Int, target: Int) {
        state.withLock { state in
            state.series = state.series.mapValues { $0.filter { $0.key <= step } }.filter { !$0.value.isEmpty }
        }
    }

    func trainingContinued(from checkpoint: CheckpointRecord, reported: ReportedSeries) {
        checkpointWritten(checkpoint)
        state.withLock { state in
            for (name, points) in reported.points {
                for point in points { state.series[name, default: [:]].updateValue(point.value, forKey: point.step) }
            }
        }
    }

    func lossRecorded(step: Int, loss: Double) {
        state.withLock { $0.series["loss", default: [:]][step] = .some(loss) }
    }

    func evaluated(_ result: EvaluationResult) {
        state.withLock { state in
            for (name, value) in result.reported.values {
                state.series["eval/\(name)", default: [:]].updateValue(value, forKey: result.globalStep)
            }
        }
    }

    func profiled(_ profile: RunProfile) { profiles.withLock { $0.append(profile) } }

    func bestCheckpoints(steps: [Int]) { state.withLock { $0.best = steps } }

    func checkpointWritten(_ record: CheckpointRecord) {
        state.withLock { $0.checkpoints[record.step] = .some(record.reason) }
    }
}
