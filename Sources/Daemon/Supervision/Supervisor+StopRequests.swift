package import Jobs
import Logging
package import Reactor
package import Store

extension Supervisor {
    /// What came of a request about a job.
    package enum Answer: Sendable {
        /// The job has changed, or its worker was asked for something.
        case changed(JobRecord)
        /// It is so already.
        case already(JobRecord)
        /// Its state does not allow that; these verbs it does.
        case illegal(JobRecord, allowed: [Verb])
        /// There is no such job.
        case unknown
        /// The request came before: what it was answered.
        case earlier(KeptReply)
        /// Its key came before with another body.
        case keyReused
    }

    /// What a request about a job carries besides what it asks.
    package struct Request: Sendable {
        /// Throws when the job is not the one that the request is meant for (If-Match).
        package var precondition: @Sendable (JobRecord) throws -> Void
        /// What it is answered once it is done, to be given again, by the answer's status and the specification that the
        /// job has then. Nil without a key.
        package var promise: (@Sendable (_ status: Int, _ spec: String?) -> ReplyPromise<JobRecord>)?
        /// Who asks, for the audit trail; nil where nobody does.
        package var audit: AuditMark?

        /// Makes it of its members; without a condition, a promise and a mark unless given.
        package init(
            precondition: @escaping @Sendable (JobRecord) throws -> Void = { _ in },
            promise: (@Sendable (_ status: Int, _ spec: String?) -> ReplyPromise<JobRecord>)? = nil,
            audit: AuditMark? = nil
        ) {
            self.audit = audit
            self.precondition = precondition
            self.promise = promise
        }
    }

    /// Does what the owner of a job asks. On the reactor.
    package func ask(_ verb: Verb, of id: JobID, _ request: Request = Request()) async throws -> Answer {
        while let record = try await store.job(id, withSpec: request.promise != nil) {
            try request.precondition(record)
            let machine = JobMachine(
                state: record.state, intent: record.stopIntent, isHeld: record.isHeld,
                writesCheckpoints: record.mode.trains)
            switch machine.ask(verb) {
            case .already: return try await keep(request, 200, record) { .already($0) }
            case .illegal(let allowed): return .illegal(record, allowed: allowed)
            case .askForCheckpoint:
                return try await askWorker(of: record, request) { $0.checkpoint() }
            case .move(let move):
                let promise = request.promise?(202, record.spec)
                if let kept = try await apply(move, to: record, promise: promise, audit: request.audit) {
                    return Answer(kept) { .changed($0) }
                }
            }
        }
        return .unknown
    }

    /// Has the worker of a job trace its next steps. On the reactor.
    package func profile(_ id: JobID, steps: Int, _ request: Request = Request()) async throws -> Answer {
        guard let record = try await store.job(id, withSpec: request.promise != nil) else { return .unknown }
        try request.precondition(record)
        guard record.state == .running, record.mode.trains, drivers[id] != nil else {
            let machine = JobMachine(
                state: record.state, intent: record.stopIntent, isHeld: record.isHeld,
                writesCheckpoints: record.mode.trains)
            return .illegal(record, allowed: machine.allowed)
        }
        return try await askWorker(of: record, request) { $0.profile(steps: steps) }
    }

    /// Asks a job's worker, where there is one by then, for something that changes nothing about the job.
    private func askWorker(
        of record: JobRecord, _ request: Request, for something: (AttemptDriver) -> Void
    ) async throws(StoreError) -> Answer {
        if let audit = request.audit {
            try await store.record(audit, job: record.id, result: "ASKED", at: services.clock.wall())
        }
        return try await keep(request, 202, record) { record in
            if let driver = drivers[record.id] { something(driver) }
            return .changed(record)
        }
    }

    /// Keeps what a request is answered that stores nothing else.
    func keep(
        _ request: Request, _ status: Int, _ record: JobRecord, _ done: (JobRecord) -> Answer
    ) async throws(StoreError) -> Answer {
        guard let promise = request.promise?(status, record.spec) else { return done(record) }
        return Answer(try await store.keep(promise, for: record, at: services.clock.wall()), done: done)
    }

    /// Stops a job for another reason than its owner's request. On the reactor.
    package func interrupt(_ id: JobID, _ intent: StopIntent) async {
        do {
            while let record = try await store.job(id) {
                guard case .move(let move) = JobMachine(state: record.state, intent: record.stopIntent).stop(intent)
                else { return }
                if try await apply(move, to: record) != nil { return }
            }
        } catch {
            // The worker is stopped all the same; what it says at its end is stored when the store can be written.
            services.complain("stop of \(id)", "job \(id) is to stop, which could not be stored: \(error)")
            drivers[id]?.stop(intent)
        }
    }

    /// Stores a move and tells the worker; nil when the job has moved on meanwhile.
    private func apply(
        _ move: JobMachine.Move, to record: JobRecord, promise: ReplyPromise<JobRecord>? = nil,
        audit: AuditMark? = nil
    ) async throws(StoreError) -> Kept<JobRecord>? {
        let now = services.clock.wall()
        let deadline = now.advanced(bySeconds: services.configuration.current.stopTimeout)
        do throws(StoreError) {
            let kept = try await store.transition(
                StateChange(
                    job: record.id, version: record.version, move: move, at: now,
                    stopDeadline: move.to == .stopping ? record.stopDeadline ?? deadline : nil), promise: promise,
                audit: audit)
            guard case .done(let changed) = kept else { return kept }
            services.announce(changed)
            if let intent = move.intent { drivers[record.id]?.stop(intent) } else { wake() }
            return kept
        } catch {
            guard case .versionConflict = error else { throw error }
            return nil
        }
    }

    /// Stops every job so that it can go on later, and returns when all are gone or `deadline` has passed. A worker that
    /// is not gone a second before that is killed, and its job goes back to the queue as well. What even then is not
    /// stored, as the disk is full, is taken up by the next daemon. On the reactor; the phase is `draining` by then.
    package func drain(until deadline: MonotonicInstant) async {
        let configuration = services.configuration.current
        let left = deadline.since(reactor.clock.now()) - .seconds(1)
        var limits = AttemptMachine.Limits(configuration)
        limits.stop = max(.milliseconds(50), min(left, limits.stop))
        for (id, driver) in drivers {
            driver.changeLimits(to: limits)
            await interrupt(id, .drain)
            // One whose start was not stored yet is told as well.
            driver.stop(.drain)
        }
        guard await idle(until: deadline) else {
            return services.log.error("\(drivers.count) attempts did not come to their end in time")
        }
    }
}

extension Supervisor.Answer {
    /// What came of a request that may have come before.
    init(_ kept: Kept<JobRecord>, done: (JobRecord) -> Self) {
        self =
            switch kept {
            case .done(let record): done(record)
            case .earlier(let reply): .earlier(reply)
            case .conflict: .keyReused
            }
    }
}
