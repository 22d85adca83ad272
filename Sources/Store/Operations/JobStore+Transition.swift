import Jobs
import GRDB

extension JobStore {
    /// Changes a job's state.
    ///
    /// - Returns: The job as it is then.
    /// - Throws: `noSuchJob`, `versionConflict` when it has moved on, `illegalTransition`, `refused` when an attempt
    ///   is still live.
    @discardableResult
    package func transition(_ change: StateChange) async throws(StoreError) -> JobRecord {
        try await writer.write(isVital: true) { db, batch in
            try Self.apply(change, in: db, &batch)
            return try Self.fetch(change.job, in: db)
        }
    }

    /// The same for a request that may have come before; then nothing changes.
    /// - Parameter audit: Who asks; nil, the default, where nobody does.
    package func transition(
        _ change: StateChange, promise: ReplyPromise<JobRecord>?, audit: AuditMark? = nil
    ) async throws(StoreError) -> Kept<JobRecord> {
        try await writer.write(isVital: true) { db, batch in
            var changed = batch
            let kept = try Self.keeping(promise, of: change.job, at: change.at, in: db) {
                try Self.apply(change, in: db, &changed)
                try Self.audit(
                    audit, job: change.job, result: change.move.to.rawValue, at: change.at, in: db)
                return try Self.fetch(change.job, in: db)
            }
            batch = changed
            return kept
        }
    }

    /// Starts an attempt: QUEUED to STARTING, the next attempt's row, and the event.
    ///
    /// - Returns: The job as it is then; its `attempt` is the number.
    @discardableResult
    package func beginAttempt(_ start: AttemptStart) async throws(StoreError) -> JobRecord {
        try await writer.write { db, batch in
            let old = try Self.current(start.job, version: start.version, in: db)
            guard TransitionTable.allows(old.state, .starting) else {
                throw StoreError.illegalTransition(start.job, from: old.state, to: .starting)
            }
            let time = start.at.microseconds
            try db.cachedStatement(
                sql: """
                    UPDATE jobs SET state = 'STARTING', held = NULL, state_reason = NULL, version = version + 1,
                      attempt = attempt + 1, placement = ?, started_at = coalesce(started_at, ?),
                      target_step = coalesce(target_step, ?)
                    WHERE id = ?
                    """
            ).execute(arguments: [start.placement.column, time, start.targetStep, start.job.description])
            try db.cachedStatement(
                sql: """
                    INSERT INTO attempts(job_id, attempt, started_at, start_step, placement, cores)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """
            ).execute(arguments: [
                start.job.description, old.attempt + 1, time, start.startStep, start.placement.column,
                start.placement.cores,
            ])
            try Event(
                job: start.job, type: .state, at: start.at, from: old.state, to: .starting, attempt: old.attempt + 1
            ).insert(in: db, &batch)
            batch.moved(from: old.state, to: .starting)
            return try Self.fetch(start.job, in: db)
        }
    }

    /// Ends an attempt and moves its job on.
    ///
    /// An end that the database refuses, or that is not in the table of transitions, is a fault of this program: the job
    /// is then FAILED with INTERNAL and the database's words, as it would be refused for ever.
    ///
    /// - Returns: The job as it is then.
    /// - Throws: `staleAttempt` when it is not the job's live one, else as `transition`.
    @discardableResult
    package func finishAttempt(_ finish: AttemptFinish) async throws(StoreError) -> JobRecord {
        do throws(StoreError) {
            return try await store(finish)
        } catch {
            switch error {
            case .refused, .illegalTransition: return try await store(finish.refused(error))
            default: throw error
            }
        }
    }

    private func store(_ finish: AttemptFinish) async throws(StoreError) -> JobRecord {
        try await writer.write(isVital: true) { db, batch in
            try Self.apply(finish, in: db, &batch)
            return try Self.fetch(finish.change.job, in: db)
        }
    }

    // MARK: Inside a transaction

    static func apply(_ finish: AttemptFinish, in db: Database, _ batch: inout Writer.Batch) throws {
        let id = finish.change.job
        try db.cachedStatement(
            sql: """
                UPDATE attempts SET finished_at = ?, outcome = ?, end_step = ?, ran_step = ?, by_daemons_end = ?,
                  seconds_run = ?, error_code = ?, error_message = ?, error_step = ?, error_variable = ?
                WHERE job_id = ? AND attempt = ? AND finished_at IS NULL
                """
        ).execute(arguments: [
            finish.change.at.microseconds, finish.end.outcome.rawValue, finish.endStep, finish.end.ranStep,
            finish.end.byDaemonsEnd, max(0, finish.secondsRun), finish.failure?.code, finish.failure?.message,
            finish.failure?.step,
            finish.failure?.variable, id.description, finish.attempt,
        ])
        guard db.changesCount == 1 else { throw StoreError.staleAttempt(id, attempt: finish.attempt) }
        try apply(finish.change, outcome: finish.end.outcome, cause: finish.failure, in: db, &batch)
    }

    static func apply(
        _ change: StateChange, outcome: AttemptOutcome? = nil, cause: JobFailure? = nil, in db: Database,
        _ batch: inout Writer.Batch
    ) throws {
        let old = try current(change.job, version: change.version, in: db)
        let to = change.move.to
        guard TransitionTable.allows(old.state, to), to != .starting else {
            throw StoreError.illegalTransition(change.job, from: old.state, to: to)
        }
        let failure = to == .failed ? change.failure ?? Self.failure(for: change.move, cause) : change.failure
        let time = change.at.microseconds
        let retryAt = to == .retryWait ? change.at.advanced(bySeconds: change.move.waitSeconds ?? 0) : nil
        let stopDeadline = to == .stopping ? change.stopDeadline ?? change.at : nil
        try db.cachedStatement(
            sql: """
                UPDATE jobs SET state = ?, held = NULL, state_reason = ?, version = version + 1, retry_at = ?, stop_intent = ?,
                  stop_deadline = ?, queued_at = CASE WHEN ? THEN ? ELSE queued_at END, finished_at = ?,
                  placement = CASE WHEN ? THEN NULL ELSE placement END, progress = coalesce(?, progress), result = ?,
                  error_code = ?, error_message = ?, error_step = ?, error_variable = ?
                WHERE id = ?
                """
        ).execute(arguments: [
            to.rawValue, change.move.reason?.rawValue, retryAt?.microseconds, change.move.intent?.rawValue,
            stopDeadline?.microseconds, to == .queued, time, to.isFinal ? time : nil,
            !to.isFinal && !to.holdsResources, change.progress, change.result, failure?.code, failure?.message,
            failure?.step, failure?.variable, change.job.description,
        ])
        if to == .running, let step = change.startStep { try set(startStep: step, of: change.job, in: db) }
        try Event(
            job: change.job, type: .state, at: change.at, from: old.state, to: to, attempt: old.attempt,
            data: [
                "reason": (change.move.reason?.rawValue).map { .text($0) },
                "intent": (change.move.intent?.rawValue).map { .text($0) },
                "outcome": (outcome?.rawValue).map { .text($0) },
                "message": change.message.map { .text($0) },
            ]
        ).insert(in: db, &batch)
        batch.moved(from: old.state, to: to)
    }

    /// State and attempt of a job that must still have the version that a decision was made on.
    static func current(
        _ id: JobID, version: Int?, in db: Database
    ) throws -> (state: JobState, attempt: Int, version: Int) {
        let statement = try db.cachedStatement(sql: "SELECT state, attempt, version FROM jobs WHERE id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id.description]) else {
            throw StoreError.noSuchJob(id)
        }
        let found: Int = row["version"]
        if let version, found != version {
            throw StoreError.versionConflict(id, expected: version, found: found)
        }
        return (try RowReader(row).word("state"), row["attempt"], found)
    }

    private static func failure(for move: JobMachine.Move, _ cause: JobFailure?) -> JobFailure {
        // Too many attempts are told with what the last of them died of.
        let last = cause.map { "; the last one: \($0.code): \($0.message)" } ?? ""
        return switch move.reason {
        case .noProgress?:
            JobFailure(
                code: "NO_PROGRESS",
                message: "\(RetryDecision.attemptsWithoutStep) attempts in a row ran no step\(last)")
        case .maxAttempts?:
            JobFailure(
                code: "MAX_ATTEMPTS", message: "as many attempts failed as retry.max_attempts allows\(last)")
        case let reason:
            JobFailure(code: reason?.rawValue ?? "FAILED", message: "the job failed")
        }
    }
}
