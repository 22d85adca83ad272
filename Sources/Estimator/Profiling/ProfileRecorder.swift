import Executor
import Synchronization

/// Traces the next steps of a training when it is asked to. While it is not, whoever could tell it something looks at one flag.
package final class ProfileRecorder: Sendable {
    /// Where a training's steps are made, and who gets the profile.
    private struct Training {
        let executor: any ProgramExecutor
        let deliver: @Sendable (RunProfile) -> Void
    }

    private struct State {
        var training: Training?
        /// Steps that are to be traced; nil: none are asked for.
        var wanted: Int?
        /// Whether the executor was asked to end its run for it.
        var isCut = false
        /// Steps that are still to be traced; nil: nothing is.
        var left: Int?
        var began: UInt64 = 0
        var profile = RunProfile(firstStep: 0, lastStep: 0, nanoseconds: 0, spans: [], dropped: 0)
    }

    /// Things that one profile keeps.
    package static let mostSpans = 200_000

    private let state = Mutex(State())
    private let recording = Atomic(false)
    private let now: @Sendable () -> UInt64

    /// A recorder that is asked for nothing.
    ///
    /// - Parameter now: the time in nanoseconds. Default: the monotonic clock's.
    package init(now: @escaping @Sendable () -> UInt64 = { MonotonicClock.nanoseconds() }) { self.now = now }

    // MARK: Asking

    /// Asks for a trace of so many steps, from the coming step boundary on; before a training, of its first. What was asked for
    /// before and has not begun is forgotten; what is being traced ends first. From any thread.
    package func request(steps: Int) {
        let executor = state.withLock { state in
            state.wanted = max(1, steps)
            state.isCut = state.training != nil
            return state.training?.executor
        }
        executor?.requestStop()
    }

    // MARK: The training

    /// A training begins on an executor; its profiles are delivered on the thread that trains.
    func attach(_ executor: any ProgramExecutor, deliver: @escaping @Sendable (RunProfile) -> Void) {
        state.withLock { $0.training = Training(executor: executor, deliver: deliver) }
    }

    /// The training is over: what was traced of it is delivered, and what was asked for is forgotten.
    func detach() {
        if let left = state.withLock({ $0.left }), left > 0 { finish() }
        state.withLock { state in
            state.training = nil
            state.wanted = nil
            state.isCut = false
        }
    }

    /// Whether the coming step is traced; begins a trace that is asked for.
    ///
    /// - Parameter step: the global step before it.
    func traces(after step: Int) -> Bool {
        state.withLock { state in
            if state.left != nil { return true }
            guard let wanted = state.wanted else { return false }
            state.wanted = nil
            state.left = wanted
            state.began = now()
            state.profile = RunProfile(firstStep: step + 1, lastStep: step, nanoseconds: 0, spans: [], dropped: 0)
            recording.store(true, ordering: .relaxed)
            return true
        }
    }

    /// Whether a run ended early for a trace that is to begin; once.
    func takeCut() -> Bool {
        state.withLock { state in
            defer { state.isCut = false }
            return state.isCut
        }
    }

    /// A traced step has ended.
    func stepped() {
        let isLast = state.withLock { state in
            guard let left = state.left else { return false }
            state.profile.lastStep += 1
            state.profile.nanoseconds = now() - state.began
            state.left = left - 1
            return left <= 1
        }
        if isLast { finish() }
    }

    private func finish() {
        recording.store(false, ordering: .relaxed)
        let finished = state.withLock { state in
            state.left = nil
            // Threads tell what they did when it is over.
            state.profile.spans.sort {
                ($0.nanoseconds.lowerBound, $1.nanoseconds.upperBound) < (
                    $1.nanoseconds.lowerBound, $0.nanoseconds.upperBound
                )
            }
            return (state.training, state.profile)
        }
        finished.0?.deliver(finished.1)
    }

    // MARK: Recording

    /// The time when something begins; nil while nothing is traced.
    func begin() -> UInt64? { recording.load(ordering: .relaxed) ? now() : nil }

    /// Something that began then has ended, now or at a time. What began before the trace did is cut.
    func end(_ track: RunProfile.Track, _ name: @autoclosure () -> String, since start: UInt64?, at end: UInt64? = nil)
    {
        guard let start, recording.load(ordering: .relaxed) else { return }
        let (name, end) = (name(), end ?? now())
        state.withLock { state in
            guard state.left != nil, end >= state.began else { return }
            guard state.profile.spans.count < Self.mostSpans else {
                state.profile.dropped += 1
                return
            }
            let first = max(start, state.began) - state.began
            state.profile.spans.append(
                RunProfile.Span(track: track, name: name, nanoseconds: first..<max(first, end - state.began)))
        }
    }

    /// Something as a whole, while something is traced.
    func span<Result, Failure: Error>(
        _ track: RunProfile.Track, _ name: @autoclosure () -> String, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let start = begin()
        defer { end(track, name(), since: start) }
        return try body()
    }
}
