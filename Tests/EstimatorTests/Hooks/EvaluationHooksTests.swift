import Estimator
import Testing

@Suite struct EvaluationHooksTests {
    @Test func oneEvaluationRunCountsItsIterations() throws {
        let variables = SessionVariables()
        variables.assign(10, to: .evalStep)
        variables.load(7, into: .iterationsPerLoop)
        try variables.countEvaluationRun()
        #expect(try variables.value(of: .evalStep) == 17)
        #expect(throws: EstimatorError.variableNotLoaded("tpu_estimator/iterations_per_loop")) {
            try SessionVariables().countEvaluationRun()
        }
    }

    /// The iterations are the steps, whatever the collection holds for them.
    @Test func setsTheIterations() throws {
        let (hook, scope, session) = (SetEvalIterationsHook(numSteps: 12), VariableScope(), ScriptedSession())
        try hook.begin(scope)
        try hook.sessionCreated(session)
        #expect(try session.variables.value(of: .iterationsPerLoop) == 12)
        let context = SessionRunContext(session: session)
        try hook.afterRun(context, values: [])
        #expect(!context.stopRequested)
    }

    @Test(arguments: [(3, false), (4, true), (5, true)]) func stopsAfterEnough(steps: Int, stops: Bool) throws {
        let (hook, session) = (StopAfterNEvalsHook(numEvals: 4), ScriptedSession())
        let context = SessionRunContext(session: session)
        #expect(throws: EstimatorError.variableNotLoaded("eval_step")) { try hook.afterRun(context, values: []) }
        session.variables.assign(Int64(steps), to: .evalStep)
        try hook.afterRun(context, values: [])
        #expect(context.stopRequested == stops)
    }
}
