package import Jobs
package import Reactor
package import WorkerProtocol

/// The life of one worker process as the daemon sees it: one method for each thing that can happen, each answering what
/// has to be done. Time comes in as a parameter; ``AttemptDriver`` does the effects.
///
/// launching → starting → running → (stopping) → reported or killed → over. The process may be gone at any point.
package struct AttemptMachine: ~Copyable {
    /// How long a worker may take.
    package struct Limits: Sendable {
        /// Without any frame, before it is taken for gone.
        package var stall: Duration
        /// Without any work, while it sends heartbeats, before it is taken for hung.
        package var hang: Duration
        /// From the stop request to the end of the process.
        package var stop: Duration
        /// From its outcome to the end of the process.
        package var exit: Duration

        /// A deadline that is noticed later than this was not late by itself: the daemon stood still.
        package var lateness: Duration { min(.seconds(1), stall / 4) }

        /// - Parameter exit: default 5 s: nothing is left to do by then but to leave.
        package init(stall: Duration, hang: Duration, stop: Duration, exit: Duration = .seconds(5)) {
            self.stall = stall
            self.hang = hang
            self.stop = stop
            self.exit = exit
        }
    }

    /// What has to be done.
    package enum Action: Sendable, Equatable {
        /// There is nothing to do.
        case nothing
        /// Send the worker its assignment.
        case start
        /// Send this to the worker.
        case send(DaemonFrame)
        /// Kill its process group.
        case kill
        /// Take note of what it reports.
        case take(WorkerReport)
        /// Ignore what it sent; the reason is for the daemon's log.
        case refuse(String)
        /// It is over: the process is gone.
        case finish(AttemptVerdict)
    }

    private enum Killed {
        case stalled
        case hung
        case malformed(String)
        case stop(StopIntent)
        case late(StopIntent)
        case afterOutcome(OutcomeReport)
    }

    private enum State {
        case launching(Killed?)
        case starting
        case running
        case stopping(StopIntent, deadline: MonotonicInstant)
        case reported(OutcomeReport, deadline: MonotonicInstant)
        case killed(Killed)
        case over
    }

    private var state = State.launching(nil)
    /// How long the worker may take.
    package private(set) var limits: Limits
    private let epoch: Int
    private var heard: MonotonicInstant
    private var worked: MonotonicInstant
    private var workSeconds = 0.0
    private var startStep: Int?
    private var lastStep: Int?
    private var request: StopIntent?

    /// Less processor time than this, in seconds, is not work: waiting takes a little, too.
    private static let leastWork = 0.01

    /// - Parameters:
    ///   - epoch: That of the worker's assignment.
    ///   - now: When the launch begins.
    package init(epoch: Int, limits: Limits, now: MonotonicInstant) {
        self.epoch = epoch
        self.limits = limits
        heard = now
        worked = now
    }

    /// When ``timePassed(at:)`` has something to say at the latest; nil while the process is being made or killed.
    package var deadline: MonotonicInstant? {
        switch state {
        case .launching, .killed, .over: nil
        case .starting, .running: min(heard + limits.stall, worked + limits.hang)
        case .stopping(_, let deadline): min(deadline, heard + limits.stall, worked + limits.hang)
        case .reported(_, let deadline): deadline
        }
    }

    /// The process is there.
    package mutating func spawned(at now: MonotonicInstant) -> Action {
        guard case .launching(let reason) = state else { return .nothing }
        heard = now
        worked = now
        if let reason {
            // It was to stop, or spoke nonsense, before it could be told to start: there is nothing to save.
            state = .killed(reason)
            return .kill
        }
        state = .starting
        return .start
    }

    /// A frame came.
    package mutating func received(_ frame: WorkerFrame, at now: MonotonicInstant) -> Action {
        guard frame.epoch == epoch else {
            return .refuse("a frame of epoch \(frame.epoch), where \(epoch) is current")
        }
        switch state {
        case .launching, .killed, .reported, .over: return .refuse("a frame after the end")
        case .starting, .running, .stopping: heard = now
        }
        noteWork(frame.report, at: now)
        switch frame.report {
        case .heartbeat: return .nothing
        case .started(let startStep, _):
            guard self.startStep == nil else { return .refuse("a second 'started'") }
            self.startStep = startStep
            if case .starting = state { state = .running }
        case .outcome(let report):
            lastStep = max(lastStep ?? 0, report.endStep ?? 0)
            state = .reported(report, deadline: now + limits.exit)
            return .nothing
        case .progress(let progress): lastStep = progress.globalStep
        case .series, .log, .checkpoint, .damaged, .evaluation, .best: break
        }
        return .take(frame.report)
    }

    /// Every report is work but a heartbeat, which says how much there was.
    private mutating func noteWork(_ report: WorkerReport, at now: MonotonicInstant) {
        if case .heartbeat(let seconds) = report {
            guard seconds >= workSeconds + Self.leastWork else { return }
            workSeconds = seconds
        }
        worked = now
    }

    /// Bytes came that are not a frame, or the socket ended inside one.
    package mutating func malformed(_ detail: String) -> Action {
        switch state {
        case .starting, .running, .stopping:
            state = .killed(.malformed(detail))
            return .kill
        case .launching(nil):
            state = .launching(.malformed(detail))
            return .nothing
        case .launching, .reported, .killed, .over: return .nothing
        }
    }

    /// Somebody wants it to stop.
    package mutating func asked(toStop intent: StopIntent, at now: MonotonicInstant) -> Action {
        switch state {
        case .launching(.stop(let earlier)) where !intent.overrides(earlier): return .nothing
        case .launching:
            request = intent
            state = .launching(.stop(intent))
            return .nothing
        case .starting, .running: return stop(intent, deadline: now + limits.stop)
        case .stopping(let earlier, let deadline):
            // A second stop request does not get more time than the first one.
            return intent.overrides(earlier) ? stop(intent, deadline: deadline) : .nothing
        case .reported, .killed, .over: return .nothing
        }
    }

    private mutating func stop(_ intent: StopIntent, deadline: MonotonicInstant) -> Action {
        request = intent
        if intent.isGraceful {
            state = .stopping(intent, deadline: deadline)
            return .send(.stop(intent))
        }
        state = .killed(.stop(intent))
        return .kill
    }

    /// Its owner wants a checkpoint.
    package func askedForCheckpoint() -> Action {
        if case .running = state { .send(.checkpoint) } else { .nothing }
    }

    /// Its owner wants its next steps traced.
    package func askedForProfile(steps: Int) -> Action {
        if case .running = state { .send(.profile(steps: steps)) } else { .nothing }
    }

    /// The configuration was read again.
    package mutating func limitsChanged(to limits: Limits) { self.limits = limits }

    /// The clock went on.
    package mutating func timePassed(at now: MonotonicInstant) -> Action {
        guard let deadline, deadline <= now else { return .nothing }
        switch state {
        case .stopping(let intent, let deadline) where deadline <= now: state = .killed(.late(intent))
        case .reported(let report, _): state = .killed(.afterOutcome(report))
        default: state = .killed(heard + limits.stall <= now ? .stalled : .hung)
        }
        return .kill
    }

    /// The daemon itself stood still (it was stopped, or frozen, or could not get to its clock) until now: it has not
    /// listened, so every window that is open begins anew.
    package mutating func stoodStill(until now: MonotonicInstant) {
        heard = now
        worked = now
        switch state {
        case .stopping(let intent, _): state = .stopping(intent, deadline: now + limits.stop)
        case .reported(let report, _): state = .reported(report, deadline: now + limits.exit)
        case .launching, .starting, .running, .killed, .over: break
        }
    }

    /// The process is gone and its socket is read empty.
    /// - Parameter shortage: What is known of its memory; nil for nothing.
    package mutating func ended(_ exit: ChildExit, shortage: MemoryShortage? = nil) -> Action {
        let report: OutcomeReport
        switch state {
        case .over: return .nothing
        case .reported(let outcome, _), .killed(.afterOutcome(let outcome)): report = outcome
        case .killed(.stalled):
            report = failure(.stalled, "the worker sent nothing for \(limits.stall)")
        case .killed(.hung):
            report = failure(.stalled, "no thread of the worker did any work for \(limits.hang)")
        case .killed(.malformed(let detail)): report = failure(.crashed, "the worker sent \(detail)")
        case .killed(.stop(let intent)): report = OutcomeReport(outcome: intent.outcome, endStep: lastStep)
        case .killed(.late(let intent)):
            report = failure(intent.outcome, "the worker did not stop within \(limits.stop) and was killed")
        case .launching, .starting, .running, .stopping: report = Self.report(of: exit, shortage, lastStep)
        }
        state = .over
        let ranStep = lastStep.map { $0 > (startStep ?? 0) } ?? false
        return .finish(AttemptVerdict(report: report, ranStep: ranStep, byDaemonsEnd: request == .drain))
    }

    private func failure(_ outcome: AttemptOutcome, _ message: String) -> OutcomeReport {
        OutcomeReport(
            outcome: outcome, endStep: lastStep, failure: .init(code: outcome.rawValue, message: message))
    }

    /// What an end without an outcome says, by how the process went.
    private static func report(
        of exit: ChildExit, _ shortage: MemoryShortage?, _ lastStep: Int?
    ) -> OutcomeReport {
        var code: String?
        if case .notStarted(let error) = exit { code = MachineCondition(error).rawValue }
        let (outcome, message): (AttemptOutcome, String) =
            switch exit {
            // SIGKILL and SIGTERM come from outside; the kernel's own SIGKILL is told by its count.
            case .signaled(9) where shortage == .machine:
                (.outOfMemory, "the kernel killed the worker, as the machine's memory was used up")
            case .signaled where shortage == .limit:
                (.outOfMemory, "the worker needed more memory than it may have (worker_memory_bytes)")
            case .signaled(let signal) where signal == 9 || signal == 15:
                (.interrupted, "somebody ended the worker with signal \(signal)")
            case .signaled(let signal): (.crashed, "the worker was ended by signal \(signal)")
            case .exited(let code): (.crashed, "the worker exited with \(code) and left no outcome")
            case .notStarted(let error): (.interrupted, "the worker could not be started: \(error)")
            }
        return OutcomeReport(
            outcome: outcome, endStep: lastStep, failure: .init(code: code ?? outcome.rawValue, message: message))
    }
}

/// Whose memory was used up when a worker ended.
package enum MemoryShortage: Sendable, Equatable {
    /// The machine's: the kernel killed a process meanwhile.
    case machine
    /// The worker's own: an allocation was refused.
    case limit
}

/// How an attempt ended, for the store.
package struct AttemptVerdict: Sendable, Equatable {
    /// The worker's own words, or the daemon's when it left none.
    package var report: OutcomeReport
    /// Whether it ran at least one step.
    package var ranStep: Bool
    /// Whether the daemon's own end ended it.
    package var byDaemonsEnd: Bool

    /// Makes it of its members.
    package init(report: OutcomeReport, ranStep: Bool, byDaemonsEnd: Bool) {
        self.report = report
        self.ranStep = ranStep
        self.byDaemonsEnd = byDaemonsEnd
    }
}
