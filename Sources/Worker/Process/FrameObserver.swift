package import Estimator
import Glibc
import Jobs
import OrderedCollections
import Synchronization
package import WorkerProtocol

/// Turns what the estimator tells its observer into reports to the daemon and lines of the job's log.
package final class FrameObserver: JobObserver {
    private struct State {
        var evaluation: EvaluationResult?
        var unsent: TrainingProgress?
        var lastSent: Double = -.infinity
        /// Points of the loss that are held back.
        var losses: [SeriesPoint] = []
        var lossesSent: Double = -.infinity
        var hasStarted = false
        /// The last step and its loss that were told of.
        var reached: (step: Int, loss: Double?)?
        var target: Int?
        /// When a line of each kind was written.
        var lastLines: [String: Double] = [:]
    }

    private let sender: ReportSender
    private let state = Mutex(State())

    /// Seconds between two reports of progress, or of the loss: nobody looks more often.
    private static let pause = 0.1
    /// Points that are held back at most.
    private static let mostHeld = 512

    /// How lines begin that the source writes once a device loop, or every hundred steps; here these may take less than a
    /// millisecond.
    private static let frequentLines = ["Enqueue next", "Dequeue next", "global_step/sec: ", "examples/sec: "]

    /// Seconds between two lines of one such kind.
    private static let linePause = 1.0

    private let profiles: ProfileFolder
    private let job: String

    /// - Parameters:
    ///   - sender: Where reports go.
    ///   - assignment: The attempt that they are of.
    package init(sender: ReportSender, _ assignment: Assignment) {
        self.sender = sender
        profiles = ProfileFolder(modelDirectory: assignment.modelDirectory)
        job = assignment.job
    }

    /// The global step that was reached and its loss, nil where it is not finite or not known; nil before the first.
    package var reached: (step: Int, loss: Double?)? { state.withLock(\.reached) }

    /// The last evaluation, nil when there was none.
    package var evaluation: EvaluationResult? { state.withLock(\.evaluation) }

    /// The last evaluation's numbers by name, with its global step, as an outcome has them; nil when there was none.
    package var outcome: [String: Double?]? {
        evaluation.map { evaluation in
            var values = Self.values(of: evaluation)
            values.updateValue(Double(evaluation.globalStep), forKey: "global_step")
            return values
        }
    }

    /// Says that the job runs, unless it was said already.
    package func started(step: Int, target: Int?) {
        let isFirst = state.withLock { state in
            defer { state.hasStarted = true }
            state.target = target
            if state.reached == nil { state.reached = (step, nil) }
            return !state.hasStarted
        }
        if isFirst { sender.report(.started(startStep: step, targetStep: target)) }
    }

    package func trainingStarted(step: Int, target: Int) { started(step: step, target: Self.known(target)) }

    /// The daemon, or the worker, may have ended before all of this was told.
    package func trainingContinued(from checkpoint: CheckpointRecord, reported: ReportedSeries) {
        sender.say("INFO", "Going on from the checkpoint at step \(checkpoint.step).")
        for (name, points) in reported.points {
            sender.report(
                .series(
                    name: name, points: points.map { SeriesPoint(step: $0.step, value: $0.value, unixSeconds: nil) }))
        }
        let target = state.withLock { state in
            state.reached = (checkpoint.step, reported.lastLoss)
            return state.target
        }
        sender.report(
            .progress(JobProgress(globalStep: checkpoint.step, targetStep: target, loss: reported.lastLoss)))
        report(checkpoint)
    }

    package func progressed(_ progress: TrainingProgress) {
        let now = Self.seconds(CLOCK_MONOTONIC)
        let isDue = state.withLock { state in
            state.reached = (progress.globalStep, Self.finite(progress.loss))
            guard now - state.lastSent >= Self.pause else {
                state.unsent = progress
                return false
            }
            state.lastSent = now
            state.unsent = nil
            return true
        }
        if isDue { send(progress) }
    }

    /// Sends what was held back.
    package func flush() {
        let (unsent, losses) = state.withLock { state in
            defer {
                state.unsent = nil
                state.losses = []
            }
            return (state.unsent, state.losses)
        }
        if let unsent { send(unsent) }
        if !losses.isEmpty { sender.report(.series(name: ReportedSeries.loss, points: losses)) }
    }

    private func send(_ progress: TrainingProgress) {
        let target = Self.known(progress.targetStep)
        let left = target.map { Double(max(0, $0 - progress.globalStep)) }
        sender.report(
            .progress(
                JobProgress(
                    globalStep: progress.globalStep, targetStep: target, loss: Self.finite(progress.loss),
                    stepsPerSecond: Self.finite(progress.stepsPerSecond),
                    examplesPerSecond: Self.finite(progress.examplesPerSecond),
                    infeedWaitFraction: Self.finite(progress.infeedWaitFraction),
                    etaSeconds: left.flatMap { Self.finite($0 / progress.stepsPerSecond) })))
    }

    package func lossRecorded(step: Int, loss: Double) {
        let now = Self.seconds(CLOCK_MONOTONIC)
        let point = SeriesPoint(step: step, value: Self.finite(loss), unixSeconds: Self.seconds(CLOCK_REALTIME))
        let due = state.withLock { state -> [SeriesPoint] in
            state.losses.append(point)
            guard now - state.lossesSent >= Self.pause || state.losses.count >= Self.mostHeld else { return [] }
            defer { state.losses = [] }
            state.lossesSent = now
            return state.losses
        }
        if !due.isEmpty { sender.report(.series(name: ReportedSeries.loss, points: due)) }
    }

    package func checkpointWritten(_ record: CheckpointRecord) {
        // What is known of progress goes first: the daemon stores it with the checkpoint.
        flush()
        report(record)
        sender.say(
            "INFO", "Checkpoint at step \(record.step): \(record.bytes) bytes, \(record.reason?.rawValue ?? "NEWEST").")
    }

    private func report(_ record: CheckpointRecord) {
        sender.report(
            .checkpoint(
                CheckpointReport(
                    step: record.step,
                    files: record.files.map { .init(name: $0.name, bytes: $0.bytes, sha256: $0.sha256) },
                    keptBecause: record.reason?.rawValue ?? "NEWEST")))
    }

    package func bestCheckpoints(steps: [Int]) { sender.report(.best(steps: steps)) }

    /// A profile that can't be written does not end a training.
    package func profiled(_ profile: RunProfile) {
        do throws(CheckpointFileError) {
            let (number, bytes) = try profiles.add(profile, of: job)
            sender.say(
                "INFO", "Profile \(number): steps \(profile.firstStep) to \(profile.lastStep), \(bytes) bytes.")
        } catch {
            sender.say("WARNING", "The profile could not be written: \(error).")
        }
    }

    package func checkpointDamaged(step: Int, detail: String) { sender.report(.damaged(step: step, detail: detail)) }

    package func evaluated(_ result: EvaluationResult) {
        state.withLock { state in
            state.evaluation = result
            if state.reached == nil { state.reached = (result.globalStep, nil) }
        }
        sender.report(.evaluation(step: result.globalStep, values: Self.values(of: result)))
        let numbers = result.reported.values.map { name, value in
            "\(name) = \(value.map { "\($0)" } ?? "not finite")"
        }
        sender.say(
            "INFO",
            "Evaluation at step \(result.globalStep), \(result.rows) rows: \(numbers.joined(separator: ", ")).")
    }

    package func logged(_ level: LogLevel, _ text: String) {
        if let kind = Self.frequentLines.first(where: text.hasPrefix) {
            let now = Self.seconds(CLOCK_MONOTONIC)
            let isDue = state.withLock { state in
                guard now - state.lastLines[kind, default: -.infinity] >= Self.linePause else { return false }
                state.lastLines[kind] = now
                return true
            }
            if !isDue { return }
        }
        sender.say("\(level)".uppercased(), text)
    }

    /// An evaluation's numbers as a job reports them.
    static func values(of result: EvaluationResult) -> [String: Double?] {
        Dictionary(uniqueKeysWithValues: result.reported.values.map { ($0.key, $0.value) })
    }

    /// A training without a last step of its own ends with its input.
    private static func known(_ target: Int) -> Int? { target == .max ? nil : target }

    private static func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
