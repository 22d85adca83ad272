import Jobs
import Logging
package import Reactor
import Scheduling
import Store
import WorkerProtocol

/// Starts workers as the scheduling pass says and sees every attempt to its end.
// @unchecked: touched on the reactor's thread alone; no decision is kept across a wait but through the store's versions.
package final class Supervisor: @unchecked Sendable {
    let services: Services
    let program: WorkerProgram
    /// The attempts that run, or are about to.
    var drivers: [JobID: AttemptDriver] = [:]
    private var passIsWanted = false
    private var passIsRunning = false
    private var alarm: TimerToken?
    var waits = WaitBook<JobID>()
    var runLimits = RunLimits()
    var runAlarms: [JobID: TimerToken] = [:]
    /// The rows that can't be read and have been told of.
    private var toldOf: Set<String> = []
    private var backoff = Backoff()
    /// No pass begins before this: the last one failed.
    private var notBefore = MonotonicInstant(nanoseconds: 0)
    private var whenIdle: [CheckedContinuation<Void, Never>] = []

    var reactor: EventLoop { services.reactor }
    var store: JobStore { services.store }

    /// Nothing runs yet.
    package init(services: Services, program: WorkerProgram) {
        self.services = services
        self.program = program
        services.storeHealth.whenItFails { [weak self] in self?.wake() }
    }

    /// How many workers run. On the reactor.
    package var workers: Int { drivers.count }

    // MARK: The scheduling pass

    /// Something has changed that may let a job start: makes a pass soon. From anywhere.
    package func wake() {
        reactor.perform { [self] in
            passIsWanted = true
            guard !passIsRunning, services.phase.phase == .serving, reactor.clock.now() >= notBefore else { return }
            passIsRunning = true
            Task(executorPreference: reactor) { [self] in await passes() }
        }
    }

    private func passes() async {
        while passIsWanted, services.phase.phase == .serving {
            passIsWanted = false
            let began = reactor.clock.now()
            do {
                try await probe()
                try await pass()
                backoff.reset()
            } catch {
                await passFailed(error)
                break
            }
            // A pass reads what can start. A burst of submissions must not be starved by a pass for each of them: passes
            // get a tenth of the time at most.
            let took = reactor.clock.now().nanoseconds - began.nanoseconds
            if passIsWanted { try? await reactor.sleep(for: .nanoseconds(9 * took)) }
        }
        passIsRunning = false
    }

    /// While the store takes no commits, one is tried before anything is started.
    private func probe() async throws {
        guard services.storeHealth.trouble != nil else { return }
        try await store.probe()
        if services.storeHealth.succeeded() { services.log.notice("the store takes commits again") }
    }

    /// The next pass waits, longer each time; what asks for one meanwhile waits with it.
    private func passFailed(_ error: any Error) async {
        services.complain("pass", "a scheduling pass failed: \(error)")
        if let error = error as? StoreError { services.storeHealth.failed(error) }
        notBefore = reactor.clock.now() + backoff.next()
        setAlarm(at: notBefore)
        if services.storeHealth.trouble != nil { services.pending.stopForFullDisk() }
    }

    private func pass() async throws {
        let moment = services.clock.now()
        let now = moment.wall
        let (pod, workers) = (services.pod, services.configuration.current.workers)
        var front = try await store.queueFront(workers: workers, pod: pod)
        let (moved, next) = try await moveOn(front.timed, moment)
        if moved { front = try await store.queueFront(workers: workers, pod: pod) }
        tell(unreadable: front.unreadable)
        // With thousands of cores this takes a while: not on the reactor.
        let hosts = services.hosts.states
        let pass = try await DiskWork.run { [front] in
            SchedulingPass(front, pod: pod, hosts: hosts, workers: workers, now: now)
        }
        for start in pass.plan.starts {
            guard services.phase.phase == .serving else { break }
            try await begin(start, version: pass.version(of: start.job))
        }
        services.pending.replace(with: pass.outlook)
        if let next { setAlarm(at: next) }
    }

    /// Tells once of each row that can't be read.
    private func tell(unreadable: [String]) {
        for id in unreadable where toldOf.insert(id).inserted {
            services.counters.add("tpud_unreadable_rows_total")
            services.log.error("the row of job \(id) can't be read: it is not scheduled")
        }
    }

    /// Takes jobs whose time has come out of where they wait; whether there was one, and when the next one's comes.
    private func moveOn(
        _ timed: [LiveJob], _ now: Moment
    ) async throws -> (moved: Bool, next: MonotonicInstant?) {
        var moved = false
        var next: MonotonicInstant?
        var waiting: Set<JobID> = []
        for job in timed {
            guard let wait = job.wait else { continue }
            waiting.insert(job.id)
            let deadline = waits.deadline(of: job.id, end: wait.end, length: wait.length, now: now)
            if deadline <= now.monotonic {
                moved = try await move(job.id, job.version, .init(to: wait.leadsTo), now.wall) || moved
            } else {
                next = min(next ?? deadline, deadline)
            }
        }
        waits.keep(only: waiting)
        return (moved, next)
    }

    /// Stores a move; false when the job has moved on meanwhile, which the next pass looks at.
    @discardableResult
    private func move(
        _ job: JobID, _ version: Int, _ move: JobMachine.Move, _ now: Timestamp
    ) async throws(StoreError) -> Bool {
        do throws(StoreError) {
            services.announce(try await store.transition(StateChange(job: job, version: version, move: move, at: now)))
            return true
        } catch {
            guard case .versionConflict = error else { throw error }
            passIsWanted = true
            return false
        }
    }

    private func setAlarm(at moment: MonotonicInstant) {
        if let alarm { reactor.cancel(alarm) }
        alarm = reactor.schedule(at: moment) { [self] in
            alarm = nil
            wake()
        }
    }

    private func begin(_ start: Plan.Start, version: Int) async throws {
        // The last attempt's end is stored, but its driver is not yet removed: the next pass will do.
        guard drivers[start.job] == nil else { return passIsWanted = true }
        guard let record = try await store.job(start.job, withSpec: true), record.version == version else {
            return passIsWanted = true
        }
        // The first attempt fixes the target. A specification may have megabytes.
        let (program, specified) = try await DiskWork.run {
            (
                try record.program(),
                record.attempt > 0 && record.latestCheckpoint != nil ? nil : try record.specifiedSteps()
            )
        }
        let targetStep = record.attempt > 0 ? record.targetStep : specified?.target
        guard services.phase.phase == .serving else { return }
        // A host may have been taken away since the pass began.
        guard services.hosts.isPlaced(start.placement, on: [.up]) else { return passIsWanted = true }
        let driver = makeDriver(record, targetStep: targetStep, program: program)
        // Before the commit, so that a stop request which comes right after it finds somebody to tell.
        drivers[record.id] = driver
        do throws(StoreError) {
            let begun = try await store.beginAttempt(
                AttemptStart(
                    job: record.id, version: record.version, placement: start.placement,
                    startStep: record.latestCheckpoint?.step ?? specified?.first ?? 0, targetStep: targetStep,
                    at: services.clock.wall()))
            services.announce(begun)
            runLimits.begin(begun.id, limit: begun.maxRunSeconds, now: reactor.clock.now())
            Task(executorPreference: reactor) { [self] in await run(begun, driver) }
            // One that failed while the start was stored did not see it.
            if !services.hosts.isPlaced(start.placement, on: [.up, .draining]) {
                await interrupt(begun.id, .failHost)
            }
        } catch {
            removeDriver(record.id)
            switch error {
            case .versionConflict: break
            // What is wrong with one job is not the others' fault.
            case .refused, .illegalTransition:
                services.complain("start of \(record.id)", "job \(record.id) could not be started: \(error)")
            default: throw error
            }
        }
    }

    // MARK: The end

    /// Returns once no worker runs, or at the deadline; whether none runs. On the reactor.
    /// - Parameter deadline: default never.
    @discardableResult
    package func idle(until deadline: MonotonicInstant = .distantFuture) async -> Bool {
        let alarm = reactor.schedule(at: deadline) { [self] in tellIdle() }
        defer { reactor.cancel(alarm) }
        while !drivers.isEmpty, reactor.clock.now() < deadline {
            await withCheckedContinuation { whenIdle.append($0) }
        }
        return drivers.isEmpty
    }

    private func tellIdle() {
        for waiting in whenIdle { waiting.resume() }
        whenIdle.removeAll()
    }

    func removeDriver(_ id: JobID) {
        drivers[id] = nil
        if drivers.isEmpty { tellIdle() }
        wake()
    }
}

extension LiveJob {
    /// What is to be done about it although nothing happens: when, after how many seconds in all, and what.
    fileprivate var wait: (end: Timestamp, length: Double, leadsTo: JobState)? {
        switch state {
        // How long a back-off is that a condition of the machine caused is not stored: at most its longest.
        case .retryWait:
            retryAt.map { ($0, max(backoffSeconds, MachineCondition.longestBackoffSeconds), .queued) }
        case .queued, .paused:
            attempt > 0
                ? nil
                : startDeadline.map { ($0, $0.seconds(since: createdAt), .expired) }
        default: nil
        }
    }
}
