package import Executor
import Synchronization

/// What another thread says to a run: keep what was reached, or stop, and whether to keep it then.
package final class StopSwitch: Sendable {
    private struct State {
        var request: Request?
        var isLasting = false
        var wantsCheckpoint = false
        var executor: (any ProgramExecutor)?
    }

    /// What is asked for.
    package enum Request: Sendable, Equatable {
        /// Write a checkpoint, then stop.
        case keeping
        /// Stop at once.
        case discarding
    }

    private let state = Mutex(State())

    /// A switch that asks for nothing.
    package init() {}

    /// What was asked for so far; nil: to go on.
    package var request: Request? { state.withLock { $0.request } }

    /// Whether every run from now on is to stop.
    package var isLasting: Bool { state.withLock { $0.isLasting } }

    /// Asks the run that is on, or the next one, to stop at the coming step boundary. Discarding wins over keeping.
    ///
    /// - Parameter isLasting: whether the runs behind it are to stop, too. Default false.
    package func ask(_ request: Request, isLasting: Bool = false) {
        let executor = state.withLock { state in
            if state.request != .discarding { state.request = request }
            if isLasting { state.isLasting = true }
            return state.executor
        }
        executor?.requestStop()
    }

    /// Asks for a checkpoint at the coming loop boundary.
    package func askForCheckpoint() { state.withLock { $0.wantsCheckpoint = true } }

    /// Whether a checkpoint was asked for since the last call.
    package func takeCheckpointRequest() -> Bool {
        state.withLock { state in
            defer { state.wantsCheckpoint = false }
            return state.wantsCheckpoint
        }
    }

    /// The executor whose loop is to be cut from now on; a request that came before cuts its first loop.
    package func attach(_ executor: any ProgramExecutor) {
        let isAsked = state.withLock { state in
            state.executor = executor
            return state.request != nil
        }
        if isAsked { executor.requestStop() }
    }

    /// The run is over: forgets executor and request, unless that lasts.
    package func reset() {
        state.withLock { state in
            let lasting = state.isLasting ? state.request : nil
            state = State(request: lasting, isLasting: lasting != nil)
        }
    }
}
