import API
import Formats
import Jobs
import Logging
import Reactor
import Store
import WorkerProtocol

/// Takes note of what one attempt's worker reports, in the order in which it was reported.
// @unchecked: touched on the reactor's thread alone; no state is held across a wait.
final class AttemptLedger: @unchecked Sendable {
    /// As it was when the attempt began.
    private let begun: JobRecord
    private let services: Services
    private var points: [MetricPoint] = []
    private var flushIsDue = false
    /// Whether the machine did not take the last commit.
    private var isHeldUp = false
    /// The step that the worker began at, once it said so.
    private(set) var startStep: Int?

    /// Points that wait at most before they are stored.
    private static let batch = 512
    /// How long a point waits at most before it is stored.
    private static let patience = Duration.milliseconds(500)
    /// How long points wait before they are tried again.
    private static let pause = Duration.seconds(1)
    /// Points that are kept at most while the machine takes no commit.
    private static let mostWaiting = 1 << 14

    private var job: JobID { begun.id }
    private var attempt: Int { begun.attempt }

    /// - Parameter begun: The job as the beginning of the attempt left it.
    init(_ begun: JobRecord, services: Services) {
        self.begun = begun
        self.services = services
    }

    func take(_ report: WorkerReport) async {
        switch report {
        case .started(let startStep, let targetStep):
            self.startStep = startStep
            services.progress[job] = JobProgress(globalStep: startStep, targetStep: targetStep)
            await noteStart(at: startStep)
            guard attempt > 1 else { return }
            await persist("points after step \(startStep) are void") { () async throws(StoreError) in
                try await services.store.forgetMetrics(after: startStep, of: job)
            }
        case .progress(let progress): services.progress[job] = progress
        case .log: services.waiting.logGrew(job)
        case .series(let name, let points):
            let now = services.clock.wall()
            await add(
                points.map {
                    MetricPoint(
                        name: name, step: $0.step, value: $0.value,
                        at: $0.unixSeconds.map { Timestamp(seconds: $0) } ?? now)
                })
        case .evaluation(let step, let values):
            let now = services.clock.wall()
            await add(
                values.sorted { $0.key < $1.key }.map {
                    MetricPoint(name: "eval/\($0.key)", step: step, value: $0.value, at: now)
                })
        case .checkpoint(let checkpoint): await note(checkpoint)
        case .damaged(let step, let detail):
            await persist("checkpoint \(step) is damaged", tries: 1) { () async throws(StoreError) in
                try await services.checkpoints.markDamaged(step, of: job, detail)
            }
        case .best(let steps): await keepBest(steps)
        // The machine keeps the outcome for the end; a heartbeat is only for it.
        case .outcome, .heartbeat: break
        }
    }

    /// Stores the points that wait: before every checkpoint, now and then, and at the end. While the machine takes no
    /// commit they go on waiting, the newest of them: a checkpoint holds them, too, for the attempt that goes on from it.
    ///
    /// - Parameter isLast: Whether nothing comes after it that would try again. Default false.
    func flush(isLast: Bool = false) async {
        flushIsDue = false
        guard !points.isEmpty else { return }
        let stored = points
        points.removeAll(keepingCapacity: true)
        let isStored = await persist("\(stored.count) points", tries: isLast ? Self.tries : 1) {
            () async throws(StoreError) in try await services.store.appendMetrics(stored, of: job)
        }
        if !isStored, !isLast { keep(stored) }
    }

    /// Lets points wait that could not be stored.
    private func keep(_ unstored: [MetricPoint]) {
        guard !unstored.isEmpty else { return }
        points = Array((unstored + points).suffix(Self.mostWaiting))
        flushLater(Self.pause)
    }

    private func add(_ new: [MetricPoint]) async {
        points += new
        if points.count >= Self.batch, !isHeldUp { return await flush() }
        flushLater(Self.patience)
    }

    private func flushLater(_ pause: Duration) {
        guard !flushIsDue else { return }
        flushIsDue = true
        let reactor = services.reactor
        _ = reactor.schedule(after: pause) {
            Task(executorPreference: reactor) { await self.flush() }
        }
    }

    private func noteStart(at startStep: Int) async {
        await persist("it runs") { () async throws(StoreError) in
            // Another change of the job may come between; the question is asked again then.
            var current: JobRecord? = begun
            while let record = current {
                guard record.attempt == attempt,
                    case .move(let move) = JobMachine(state: record.state, intent: record.stopIntent).workerStarted()
                else {
                    // It is to stop already; where it began is so all the same.
                    return try await services.store.setStartStep(startStep, of: job, attempt: attempt)
                }
                do throws(StoreError) {
                    let changed = try await services.store.transition(
                        StateChange(
                            job: job, version: record.version, move: move, at: services.clock.wall(),
                            startStep: startStep))
                    return services.announce(changed)
                } catch {
                    guard case .versionConflict = error else { throw error }
                    current = try await services.store.job(job)
                }
            }
        }
    }

    private func note(_ checkpoint: CheckpointReport) async {
        let record = StoredCheckpoint(
            step: checkpoint.step, attempt: attempt, createdAt: services.clock.wall(),
            keptBecause: checkpoint.keptBecause,
            files: checkpoint.files)
        let stored = points
        points.removeAll(keepingCapacity: true)
        var recorded: RecordedCheckpoint?
        // What can't be stored now is found in the folder when the attempt has ended.
        await persist("checkpoint \(checkpoint.step)", tries: 1) { () async throws(StoreError) in
            recorded = try await services.store.recordCheckpoint(
                record, of: job, points: stored, progress: services.progress[job]?.wire.text)
        }
        guard let recorded else { return keep(stored) }
        guard recorded.isNew else { return }
        services.waiting.jobChanged(job)
        await services.checkpoints.prune(recorded)
    }

    /// An attempt that goes on says again which are the best, where that could not be stored.
    private func keepBest(_ steps: [Int]) async {
        var kept: RecordedCheckpoint?
        await persist("the best checkpoints \(steps)", tries: 1) { () async throws(StoreError) in
            kept = try await services.store.keepBestCheckpoints(steps, of: job)
        }
        guard let kept, kept.isNew else { return }
        services.waiting.jobChanged(job)
        await services.checkpoints.prune(kept)
    }

    /// Stores something, again after a second while that may help: a full disk can be emptied. Meanwhile the worker's next
    /// frames wait: so what is stored anew later anyway is tried once while the machine takes no commit.
    ///
    /// - Parameter tries: How often it is tried while the machine is at fault; other errors that may pass are tried for a
    ///   minute. Default a minute.
    /// - Returns: Whether it is stored, or never will be.
    @discardableResult
    private func persist(
        _ what: String, tries: Int = AttemptLedger.tries, _ body: () async throws(StoreError) -> Void
    ) async -> Bool {
        for attempt in 1...Self.tries {
            do throws(StoreError) {
                try await body()
                isHeldUp = false
                return true
            } catch {
                services.complain("job \(job)", "job \(job): not stored (\(what)): \(error)")
                services.storeHealth.failed(error)
                switch error {
                case .closed, .noSuchJob, .staleAttempt, .refused, .illegalTransition: return true
                default: isHeldUp = error.condition != nil
                }
                if isHeldUp, attempt >= tries { return false }
            }
            if attempt < Self.tries { try? await services.reactor.sleep(for: .seconds(1)) }
        }
        return true
    }

    /// How often a second may pass before something is given up.
    private static let tries = 60
}
