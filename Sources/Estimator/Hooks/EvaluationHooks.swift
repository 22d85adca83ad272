/// Loads the number of evaluation steps as the iterations of each run (TensorFlow: `_SetEvalIterationsHook`). It never
/// asks to stop.
package final class SetEvalIterationsHook: SessionHook {
    /// The number of evaluation steps.
    package let numSteps: Int

    private var iterations: HostVariable?

    /// A hook for that many steps.
    package init(numSteps: Int) {
        self.numSteps = numSteps
    }

    /// Gets or creates the iterations variable.
    ///
    /// - Throws: `EstimatorError.iterationsVariableAmbiguous`.
    package func begin(_ scope: VariableScope) throws {
        iterations = try scope.iterationsVariable()
    }

    /// Loads the iterations variable.
    package func sessionCreated(_ session: any Session) throws {
        session.variables.load(Int64(numSteps), into: iterations ?? .iterationsPerLoop)
    }
}

/// Stops an evaluation when the evaluation step has reached a number (TensorFlow: `_StopAfterNEvalsHook`).
package final class StopAfterNEvalsHook: SessionHook {
    /// The number of evaluation steps.
    package let numEvals: Int

    /// A hook for that many steps.
    package init(numEvals: Int) {
        self.numEvals = numEvals
    }

    /// Asks to stop when enough steps are done.
    ///
    /// - Throws: `EstimatorError.variableNotLoaded`.
    package func afterRun(_ context: SessionRunContext, values: [SessionValue]) throws {
        if try context.session.variables.value(of: .evalStep) >= Int64(numEvals) { context.requestStop() }
    }
}

extension SessionVariables {
    /// Counts one evaluation run of the device: the framework adds one, and the increment of the TPU's evaluation adds
    /// the iterations of the run minus one (TensorFlow: `_create_or_get_eval_step`, `_increase_eval_step_op`). A
    /// session calls this at the end of each evaluation run.
    ///
    /// TensorFlow hangs the increment on the metrics; here it counts without metrics, too.
    ///
    /// - Throws: `EstimatorError.variableNotLoaded`.
    package func countEvaluationRun() throws(EstimatorError) {
        let iterations = try value(of: .iterationsPerLoop)
        try add(1, to: .evalStep)
        try add(iterations - 1, to: .evalStep)
    }
}
