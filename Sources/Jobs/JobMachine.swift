/// The life of one job as a machine: one method for each thing that can happen, each answering what has to be done.
///
/// It is made from what is stored, asked once, and consumed; the store then applies the move by compare-and-set.
package struct JobMachine: ~Copyable {
    /// Where the job is; `stopping` alone carries more.
    private enum State {
        case still(JobState)
        case stopping(StopIntent)
    }

    private let state: State
    private let isHeld: Bool
    private let writesCheckpoints: Bool

    /// Takes a job up where it is. `intent` is needed for STOPPING and ignored elsewhere; `isHeld`, false unless
    /// given, says of a job in QUEUED that it is held; `writesCheckpoints`, true unless given, that it trains.
    package init(
        state: JobState, intent: StopIntent? = nil, isHeld: Bool = false, writesCheckpoints: Bool = true
    ) {
        if state == .stopping {
            precondition(intent != nil, "a job that is STOPPING always has an intent: the database checks it")
        }
        self.state = if state == .stopping, let intent { .stopping(intent) } else { .still(state) }
        self.isHeld = isHeld && state == .queued
        self.writesCheckpoints = writesCheckpoints
    }

    /// A change of state to be stored.
    package struct Move: Hashable, Sendable {
        /// The state to go to.
        package var to: JobState
        /// Why it is stopping; only for STOPPING.
        package var intent: StopIntent?
        /// A word about why.
        package var reason: StateReason?
        /// How long it waits there, in seconds; only for RETRY_WAIT.
        package var waitSeconds: Double?

        /// Makes a move; what is not given is nil.
        package init(
            to: JobState, intent: StopIntent? = nil, reason: StateReason? = nil, waitSeconds: Double? = nil
        ) {
            self.to = to
            self.intent = intent
            self.reason = reason
            self.waitSeconds = waitSeconds
        }
    }

    /// What has to be done.
    package enum Action: Hashable, Sendable {
        /// Store this change.
        case move(Move)
        /// Tell the worker to write a checkpoint; nothing changes in the store.
        case askForCheckpoint
        /// It is so already.
        case already
        /// It can't be done in this state; these verbs can.
        case illegal(allowed: [Verb])
    }

    /// Its owner asks for something.
    package consuming func ask(_ verb: Verb) -> Action {
        if verb == .resume, isHeld { return .move(Move(to: .queued)) }
        let answer = Self.answer(verb, in: state)
        guard !writesCheckpoints else { return answer }
        return switch answer {
        case .askForCheckpoint: .illegal(allowed: Self.allowed(in: state).filter { $0 != .checkpoint })
        case .illegal(let allowed): .illegal(allowed: allowed.filter { $0 != .checkpoint })
        case .move, .already: answer
        }
    }

    /// The verbs that are not illegal in its state.
    package var allowed: [Verb] {
        Self.allowed(in: state).filter { writesCheckpoints || $0 != .checkpoint }
    }

    /// Somebody else wants it to stop: the clock (`timeOut`), the operator (`failHost`, `drain`), the scheduler.
    package consuming func stop(_ intent: StopIntent) -> Action {
        switch state {
        case .still(.starting), .still(.running): .move(Move(to: .stopping, intent: intent))
        case .stopping(let current) where intent.overrides(current): .move(Move(to: .stopping, intent: intent))
        case .stopping, .still: .already
        }
    }

    /// Its worker reports that it runs.
    package consuming func workerStarted() -> Action {
        if case .still(.starting) = state { .move(Move(to: .running)) } else { .already }
    }

    /// Its attempt has ended. An outcome that only a stop request can cause (CANCELLED, TIMED_OUT, PAUSED) and that nobody
    /// asked for is taken as INTERRUPTED.
    package consuming func attemptEnded(_ end: AttemptEnd, earlier: [AttemptEnd], policy: RetryPolicy) -> Action {
        let intent: StopIntent?
        var end = end
        switch state {
        case .still(.starting), .still(.running):
            intent = nil
            if [.cancelled, .timedOut, .paused].contains(end.outcome) { end.outcome = .interrupted }
        case .stopping(let current): intent = current
        case .still: return .already
        }
        return switch RetryDecision.after(end, earlier: earlier, policy: policy, intent: intent) {
        case .finish(let state, let reason): .move(Move(to: state, reason: reason))
        case .wait(let seconds): .move(Move(to: .retryWait, waitSeconds: seconds))
        case .requeue: .move(Move(to: .queued))
        case .pause: .move(Move(to: .paused))
        }
    }

    private static func answer(_ verb: Verb, in state: State) -> Action {
        switch (verb, state) {
        case (.cancel, .still(.cancelled)), (.kill, .still(.cancelled)), (.pause, .still(.paused)): .already
        case (.resume, .still(.queued)), (.resume, .still(.starting)), (.resume, .still(.running)),
            (.resume, .still(.retryWait)):
            .already
        case (.cancel, .still(.queued)), (.cancel, .still(.retryWait)), (.cancel, .still(.paused)),
            (.kill, .still(.queued)), (.kill, .still(.retryWait)), (.kill, .still(.paused)):
            .move(Move(to: .cancelled))
        case (.cancel, .still(.starting)), (.cancel, .still(.running)): .move(Move(to: .stopping, intent: .cancel))
        case (.kill, .still(.starting)), (.kill, .still(.running)): .move(Move(to: .stopping, intent: .kill))
        case (.pause, .still(.queued)), (.pause, .still(.retryWait)): .move(Move(to: .paused))
        case (.pause, .still(.starting)), (.pause, .still(.running)): .move(Move(to: .stopping, intent: .pause))
        case (.resume, .still(.paused)): .move(Move(to: .queued))
        case (.resume, .stopping(.pause)): .move(Move(to: .stopping, intent: .preempt))
        case (.resume, .stopping(let current)) where current.landing == .queued: .already
        case (.cancel, .stopping(let current)): .redirected(to: .cancel, from: current)
        case (.kill, .stopping(let current)): .redirected(to: .kill, from: current)
        case (.pause, .stopping(let current)) where !current.landing.isFinal: .redirected(to: .pause, from: current)
        case (.checkpoint, .still(.running)): .askForCheckpoint
        default: .illegal(allowed: allowed(in: state))
        }
    }

    /// The verbs that are not illegal in a state.
    private static func allowed(in state: State) -> [Verb] {
        switch state {
        case .still(.queued), .still(.retryWait), .still(.starting): [.cancel, .kill, .pause, .resume]
        case .still(.running): [.cancel, .kill, .pause, .resume, .checkpoint]
        case .still(.paused): [.cancel, .kill, .pause, .resume]
        case .still(.cancelled): [.cancel, .kill]
        case .still: []
        case .stopping(let intent): intent.landing.isFinal ? [.cancel, .kill] : [.cancel, .kill, .pause, .resume]
        }
    }
}

extension JobMachine.Action {
    /// A stop request for a job that is stopping: it replaces the current one when it is stronger, and is met otherwise.
    fileprivate static func redirected(to intent: StopIntent, from current: StopIntent) -> JobMachine.Action {
        intent.overrides(current) ? .move(JobMachine.Move(to: .stopping, intent: intent)) : .already
    }
}
