import API
import Formats
import Glibc
import Jobs
import Logging
import Reactor
import Store
import WorkerProtocol

extension Supervisor {
    /// The driver of a job's next attempt.
    ///
    /// - Parameter name: The program that does the job; nil: a model is trained.
    func makeDriver(_ record: JobRecord, targetStep: Int?, program name: String?) -> AttemptDriver {
        let configuration = services.configuration.current
        var log = services.log
        log[metadataKey: "job"] = "\(record.id)"
        log[metadataKey: "attempt"] = "\(record.attempt + 1)"
        return AttemptDriver(
            Assignment(
                job: record.id.description, attempt: record.attempt + 1, epoch: record.attempt + 1,
                spec: .null, modelDirectory: services.modelDirectory(record),
                dataRoots: configuration.dataRoots, threads: configuration.threadsPerWorker,
                targetStep: targetStep, heartbeat: configuration.heartbeat,
                memoryBytes: configuration.workerMemoryBytes),
            // It was read with its specification.
            spec: record.spec ?? "null",
            program: name.map {
                program.becoming(
                    $0, at: configuration.programs[$0], memoryBytes: configuration.workerMemoryBytes)
            } ?? program, limits: .init(configuration), reactor: reactor, log: log)
    }

    /// Sees an attempt that has begun to its end.
    func run(_ record: JobRecord, _ driver: AttemptDriver) async {
        let ledger = AttemptLedger(record, services: services)
        // Before the first attempt there is nothing that could differ.
        if record.attempt > 1 { await services.checkpoints.reconcile(record) }
        let began = reactor.clock.now()
        await limitRun(record)
        let notes = noteRunTime(of: record, since: began)
        let verdict = await driver.run { await ledger.take($0) }
        let secondsRun = reactor.clock.now().since(began) / .seconds(1)
        notes.cancel()
        runLimits.end(record.id)
        setRunAlarm(record.id)
        // What a worker that trapped wrote itself came without a frame.
        services.waiting.logGrew(record.id)
        // While the machine takes no commit, the attempt that goes on tells its points again.
        await ledger.flush(isLast: verdict.report.outcome != .interrupted)
        // The worker may have ended between writing its last checkpoint and telling of it.
        await services.checkpoints.reconcile(record)
        services.counters.add("tpud_attempts_total", [("outcome", verdict.report.outcome.rawValue)])
        await conclude(record, verdict, startStep: ledger.startStep, secondsRun: secondsRun)
        services.progress[record.id] = nil
        removeDriver(record.id)
    }

    /// Stores again and again how long an attempt has run, until it is cancelled: what a daemon that is killed leaves of
    /// it. So at most the last of these seconds don't count against `max_run_seconds`, and no second counts twice.
    private func noteRunTime(of record: JobRecord, since began: MonotonicInstant) -> Task<Void, Never> {
        Task(executorPreference: reactor) { [self] in
            while (try? await reactor.sleep(for: .seconds(10))) != nil {
                let seconds = reactor.clock.now().since(began) / .seconds(1)
                do throws(StoreError) {
                    try await store.recordRunTime(seconds, of: record.id, attempt: record.attempt)
                } catch {
                    services.storeHealth.failed(error)
                    services.complain("run time", "the run time of job \(record.id) was not stored: \(error)")
                }
            }
        }
    }

    /// Sets the alarm of `max_run_seconds`, from which the earlier attempts' time is taken off.
    private func limitRun(_ record: JobRecord) async {
        let earlier = ((try? await store.attempts(of: record.id)) ?? []).filter { $0.attempt < record.attempt }
        runLimits.learn(record.id, earlier: earlier.reduce(0) { $0 + $1.secondsRun })
        setRunAlarm(record.id)
    }

    /// Its owner has changed `max_run_seconds`.
    func changeRunLimit(of id: JobID, to limit: Double?) {
        runLimits.change(id, limit: limit)
        setRunAlarm(id)
    }

    private func setRunAlarm(_ id: JobID) {
        if let alarm = runAlarms.removeValue(forKey: id) { reactor.cancel(alarm) }
        guard let deadline = runLimits.deadline(of: id) else { return }
        let reactor = reactor
        runAlarms[id] = reactor.schedule(at: deadline) { [self] in
            runAlarms[id] = nil
            Task(executorPreference: reactor) { [self] in await interrupt(id, .timeOut) }
        }
    }

    /// Stores how an attempt ended and what that means for its job. It holds its cores until that is done: so this goes
    /// on until the store takes it.
    private func conclude(
        _ record: JobRecord, _ verdict: AttemptVerdict, startStep: Int?, secondsRun: Double
    ) async {
        var backoff = Backoff(longest: 10)
        var refusal: String?
        while true {
            do {
                guard let (current, attempts) = try await store.jobWithAttempts(record.id),
                    current.attempt == record.attempt,
                    var finish = self.finish(current, verdict, attempts.compactMap(\.end), startStep, secondsRun)
                else { return }
                if let refusal { finish = .refused(refusal, instead: finish) }
                let changed = try await store.finishAttempt(finish)
                if let end = changed.retryAt {
                    waits.begin(
                        record.id, end: end, seconds: finish.change.move.waitSeconds ?? 0,
                        now: services.clock.now().monotonic)
                }
                services.announce(changed)
                services.log.info(
                    "attempt \(record.attempt) of job \(record.id): \(verdict.report.outcome.rawValue), \(changed.state.rawValue)"
                )
                return
            } catch StoreError.versionConflict {
                continue
            } catch StoreError.staleAttempt, StoreError.closed {
                return
            } catch StoreError.refused(let words) where refusal == nil {
                // It would be refused again and again.
                refusal = words
            } catch StoreError.refused(let words) {
                return services.log.critical("the end of job \(record.id) can't be stored: \(words)")
            } catch {
                services.complain(
                    "end of \(record.id)",
                    "the end of job \(record.id) could not be stored, and is tried again: \(error)")
                services.storeHealth.failed(error)
                try? await reactor.sleep(for: backoff.next())
            }
        }
    }

    private func finish(
        _ job: JobRecord, _ verdict: AttemptVerdict, _ earlier: [AttemptEnd], _ startStep: Int?, _ secondsRun: Double
    ) -> AttemptFinish? {
        let report = verdict.report
        let end = AttemptEnd(
            outcome: report.outcome, ranStep: verdict.ranStep, byDaemonsEnd: verdict.byDaemonsEnd,
            condition: report.condition)
        let action = JobMachine(state: job.state, intent: job.stopIntent)
            .attemptEnded(end, earlier: earlier, policy: job.retry)
        guard case .move(let move) = action else { return nil }
        // One that ended before it said where it starts was to go on from the newest checkpoint.
        let began = startStep ?? job.latestCheckpoint?.step ?? 0
        let endStep = max(began, report.endStep ?? services.progress[job.id]?.globalStep ?? 0)
        var change = StateChange(job: job.id, version: job.version, move: move, at: services.clock.wall())
        switch move.to {
        case .succeeded:
            change.result =
                ResultView(
                    globalStep: endStep, loss: report.loss ?? Self.lastLoss(job),
                    evaluation: report.evaluation.map(Self.evaluation), stoppedEarly: report.stoppedEarly,
                    predictions: report.predictions
                ).wire.text
            if let words = report.stoppedEarly {
                change.move.reason = .stoppedEarly
                change.message = words
            }
        // Too many attempts have a failure of their own, which carries this attempt's cause.
        case .failed where move.reason == .noProgress || move.reason == .maxAttempts: break
        case .failed, .retryWait: change.failure = report.failure
        default: break
        }
        if var progress = services.progress[job.id] {
            // Nothing runs any more: a speed of something that has ended would be believed.
            progress.stepsPerSecond = nil
            progress.examplesPerSecond = nil
            progress.etaSeconds = nil
            change.progress = progress.wire.text
        }
        return AttemptFinish(
            attempt: job.attempt, end: end, endStep: endStep, secondsRun: secondsRun, failure: report.failure,
            change: change)
    }

    /// The loss of the last step when this attempt ran none: an earlier one reached the target, but did not come to say so.
    private static func lastLoss(_ job: JobRecord) -> Double? {
        job.progress.flatMap { try? JobProgress(stored: $0) }?.loss
    }

    private static func evaluation(_ values: [String: Double?]) -> JSON {
        var json: JSON = [:]
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            // A step that is not a whole number of this machine's came from a worker that is not to be trusted.
            let step = name == "global_step" ? value.flatMap { Int(exactly: $0) } : nil
            json[name] = step.map { JSON($0) } ?? .optional(value) { JSON($0) }
        }
        return json
    }
}

extension OutcomeReport {
    /// What of the machine ended the attempt, as the worker or the daemon's own launch says; nil for any other end.
    fileprivate var condition: MachineCondition? {
        outcome == .interrupted ? failure.flatMap { MachineCondition(rawValue: $0.code) } : nil
    }
}

extension AttemptFinish {
    /// The end of an attempt whose own end the database refuses: the job has failed by no fault of its own.
    fileprivate static func refused(_ words: String, instead finish: AttemptFinish) -> AttemptFinish {
        let failure = JobFailure(
            code: StateReason.internal.rawValue,
            message: "the daemon could not store what came of the job: \(words)")
        var change = StateChange(
            job: finish.change.job, version: finish.change.version, move: .init(to: .failed, reason: .internal),
            at: finish.change.at)
        change.failure = failure
        return AttemptFinish(
            attempt: finish.attempt, end: AttemptEnd(outcome: .crashed, ranStep: finish.end.ranStep),
            endStep: max(0, min(finish.endStep, 1 << 53)), secondsRun: finish.secondsRun, failure: failure,
            change: change)
    }
}

extension AttemptMachine.Limits {
    /// What the configuration allows a worker.
    init(_ configuration: Configuration) {
        self.init(
            stall: .seconds(configuration.stallTimeout), hang: .seconds(configuration.hangTimeout),
            stop: .seconds(configuration.stopTimeout))
    }
}

extension JobRecord {
    /// The program that does the job; nil where a model is trained. It reads the whole specification of some: never on the reactor.
    /// - Throws: `JSONError`, where the database is damaged.
    func program() throws(JSONError) -> String? {
        // As the check has written it. Of the others, which may have megabytes, none is parsed for this.
        guard let spec, spec.withCString({ strstr($0, #""program":{"#) != nil }) else { return nil }
        return try JSON(parsing: spec, limits: .own)[JobRequest.programField]?["name"]?.string
    }

    /// The step before a job's first one and the one to stop at, by the specification: `steps` counts from the checkpoint that
    /// `continue_from` names, or from 0. It reads the whole specification: never on the reactor.
    /// - Throws: `JSONError`, where the database is damaged.
    func specifiedSteps() throws(JSONError) -> (first: Int, target: Int?) {
        guard let spec else { return (0, nil) }
        let members = try JSON(parsing: spec, limits: .own)
        let first = members["continue_from"]?["step"]?.int ?? 0
        let train = members["train"]
        return (first, train?["max_steps"]?.int ?? train?["steps"]?.int.map { first + $0 })
    }
}
