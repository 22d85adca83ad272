import Synchronization

/// Where global step and iterations variable are looked up and created before there is a session
/// (TensorFlow: the graph and its collections).
public final class VariableScope: Sendable {
    private struct State {
        var globalStep: HostVariable?
        var iterations: [HostVariable] = []
    }

    private let state = Mutex(State())
    private let tracer: EventTracer

    /// An empty scope.
    package init(tracer: EventTracer = .silent) {
        self.tracer = tracer
    }

    /// The global step; nil: none was created (`training_util.get_global_step`).
    package var globalStep: HostVariable? {
        state.withLock { $0.globalStep }
    }

    /// Creates the global step (TensorFlow: `_create_global_step`).
    ///
    /// - Throws: `EstimatorError.globalStepExists`.
    @discardableResult
    package func createGlobalStep() throws(EstimatorError) -> HostVariable {
        let created = state.withLock { state in
            guard state.globalStep == nil else { return false }
            state.globalStep = .globalStep
            return true
        }
        guard created else { throw .globalStepExists }
        tracer.record(.createVariable(.globalStep))
        return .globalStep
    }

    /// The iterations variable, created if there is none (TensorFlow: `_create_or_get_iterations_per_loop`).
    ///
    /// - Throws: `EstimatorError.iterationsVariableAmbiguous` if the collection has more than one.
    @discardableResult
    package func iterationsVariable() throws(EstimatorError) -> HostVariable {
        let (count, found) = state.withLock { state in
            let before = state.iterations.count
            if before == 0 { state.iterations.append(.iterationsPerLoop) }
            return (before, state.iterations[0])
        }
        if count > 1 { throw .iterationsVariableAmbiguous }
        if count == 0 { tracer.record(.createVariable(found)) }
        return found
    }

    /// Adds a variable made elsewhere to the collection in which the iterations variable is looked up.
    package func addToIterationsCollection(_ variable: HostVariable) {
        state.withLock { $0.iterations.append(variable) }
    }
}
