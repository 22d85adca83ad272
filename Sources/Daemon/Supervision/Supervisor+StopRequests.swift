package import Jobs
import Logging
package import Reactor
package import Store

extension Supervisor {
    /// What came of a verb.
    package enum Answer: Sendable {
        /// The job has changed.
        case changed(JobRecord)
        /// It is so already.
        case already(JobRecord)
        /// Its state does not allow that; these verbs it does.
        case illegal(JobRecord, allowed: [Verb])
        /// There is no such job.
        case unknown
    }

    /// Does what the owner of a job asks. On the reactor.
    package func ask(_ verb: Verb, of id: JobID) async throws(StoreError) -> Answer {
        while let record = try await store.job(id) {
            switch JobMachine(state: record.state, intent: record.stopIntent, isHeld: record.isHeld).ask(verb) {
            case .already: return .already(record)
            case .illegal(let allowed): return .illegal(record, allowed: allowed)
            case .askForCheckpoint:
                drivers[id]?.checkpoint()
                return .changed(record)
            case .move(let move):
                if let changed = try await apply(move, to: record) { return .changed(changed) }
            }
        }
        return .unknown
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
    private func apply(_ move: JobMachine.Move, to record: JobRecord) async throws(StoreError) -> JobRecord? {
        let now = services.clock.wall()
        let deadline = now.advanced(bySeconds: services.configuration.current.stopTimeout)
        do throws(StoreError) {
            let changed = try await store.transition(
                StateChange(
                    job: record.id, version: record.version, move: move, at: now,
                    stopDeadline: move.to == .stopping ? record.stopDeadline ?? deadline : nil))
            services.announce(changed)
            if let intent = move.intent { drivers[record.id]?.stop(intent) } else { wake() }
            return changed
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
