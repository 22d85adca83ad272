package import Jobs
import Synchronization

/// The stop request, and what else the daemon asks of a running job, as the thread that reads the socket hands it to the one that trains.
package final class StopRequest: Sendable {
    private struct State {
        var intent: StopIntent?
        var wantsCheckpoint = false
        var onStop: (@Sendable (StopIntent) -> Void)?
        var onCheckpoint: (@Sendable () -> Void)?
        var wantedProfile: Int?
        var onProfile: (@Sendable (Int) -> Void)?
    }

    private let state = Mutex(State())

    /// Nobody wants anything yet.
    package init() {}

    /// Why the job is to stop; nil while it is not. A stronger stop request replaces a weaker one.
    package var intent: StopIntent? { state.withLock(\.intent) }

    /// Says what is to be done about a stop request; what was asked for before is told at once.
    package func listen(
        onStop: @escaping @Sendable (StopIntent) -> Void, onCheckpoint: @escaping @Sendable () -> Void,
        onProfile: @escaping @Sendable (_ steps: Int) -> Void
    ) {
        let (intent, wantsCheckpoint, profile) = state.withLock { state in
            state.onStop = onStop
            state.onCheckpoint = onCheckpoint
            state.onProfile = onProfile
            return (state.intent, state.wantsCheckpoint, state.wantedProfile)
        }
        if wantsCheckpoint { onCheckpoint() }
        if let profile { onProfile(profile) }
        if let intent { onStop(intent) }
    }

    /// The daemon wants the job to stop.
    package func ask(_ intent: StopIntent) {
        let handler = state.withLock { state in
            guard state.intent.map({ intent.overrides($0) }) ?? true else {
                return nil as (@Sendable (StopIntent) -> Void)?
            }
            state.intent = intent
            return state.onStop
        }
        handler?(intent)
    }

    /// The daemon wants a trace of so many steps.
    package func askForProfile(steps: Int) {
        let handler = state.withLock { state in
            state.wantedProfile = state.onProfile == nil ? steps : nil
            return state.onProfile
        }
        handler?(steps)
    }

    /// The daemon wants a checkpoint.
    package func askForCheckpoint() {
        let handler = state.withLock { state in
            state.wantsCheckpoint = state.onCheckpoint == nil
            return state.onCheckpoint
        }
        handler?()
    }
}
