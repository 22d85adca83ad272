import Executor
import Synchronization

/// What another thread says to a run: keep what was reached, or stop, and whether to keep it then.
final class StopSwitch: Sendable {
    private struct State {
        var request: Request?
        var wantsCheckpoint = false
        var executor: (any ProgramExecutor)?
    }

    /// What is asked for.
    enum Request: Sendable, Equatable {
        /// Write a checkpoint, then stop.
        case keeping
        /// Stop at once.
        case discarding
    }

    private let state = Mutex(State())

    /// What was asked for so far; nil: to go on.
    var request: Request? { state.withLock { $0.request } }

    /// Asks the run that is on, or the next one, to stop at the coming step boundary. Discarding wins over keeping.
    func ask(_ request: Request) {
        let executor = state.withLock { state in
            if state.request != .discarding { state.request = request }
            return state.executor
        }
        executor?.requestStop()
    }

    /// Asks for a checkpoint at the coming loop boundary.
    func askForCheckpoint() { state.withLock { $0.wantsCheckpoint = true } }

    /// Whether a checkpoint was asked for since the last call.
    func takeCheckpointRequest() -> Bool {
        state.withLock { state in
            defer { state.wantsCheckpoint = false }
            return state.wantsCheckpoint
        }
    }

    /// The executor whose loop is to be cut from now on; a request that came before cuts its first loop.
    func attach(_ executor: any ProgramExecutor) {
        let isAsked = state.withLock { state in
            state.executor = executor
            return state.request != nil
        }
        if isAsked { executor.requestStop() }
    }

    /// The run is over: forgets executor and request.
    func reset() {
        state.withLock { $0 = State() }
    }
}
