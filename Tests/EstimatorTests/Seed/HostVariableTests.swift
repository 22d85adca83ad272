import Estimator
import Testing

@Suite struct HostVariableTests {
    @Test func readBeforeLoadFails() throws {
        let variables = SessionVariables()
        #expect(throws: EstimatorError.variableNotLoaded("tpu_estimator/iterations_per_loop")) {
            try variables.read(.iterationsPerLoop)
        }
        #expect(throws: EstimatorError.variableNotLoaded("global_step")) { try variables.add(1, to: .globalStep) }
    }

    @Test(arguments: [
        (Int64.max, Int64(Int32.max)), (.min, Int64(Int32.min)), (-2, -2), (0, 0), (100, 100),
    ])
    func iterationsStayInTheirType(loaded: Int64, kept: Int64) throws {
        let variables = SessionVariables()
        variables.load(loaded, into: .iterationsPerLoop)
        #expect(try variables.read(.iterationsPerLoop) == kept)
    }

    @Test func sumsSaturate() throws {
        let variables = SessionVariables()
        variables.assign(.max - 1, to: .globalStep)
        #expect(try variables.add(5, to: .globalStep) == .max)
        variables.assign(.min + 1, to: .globalStep)
        #expect(try variables.add(-5, to: .globalStep) == .min)
    }

    @Test func oneEvaluationRunCountsItsIterations() throws {
        let variables = SessionVariables()
        variables.assign(10, to: .evalStep)
        variables.load(7, into: .iterationsPerLoop)
        try variables.countEvaluationRun()
        #expect(try variables.value(of: .evalStep) == 17)
    }

    @Test func farAwayLastStepDoesNotOverflow() throws {
        let hook = try StopAtStepHook(iterationsPerLoop: 10, numSteps: .max)
        let scope = VariableScope()
        try scope.createGlobalStep()
        try hook.begin(scope)
        let session = ScriptedSession()
        session.variables.assign(5, to: .globalStep)
        try hook.sessionCreated(session)
        #expect(hook.lastStep == .max)
        #expect(try session.variables.value(of: .iterationsPerLoop) == 10)
    }

    @Test(arguments: [0, -1])
    func layoutOnTheTPUIsPositive(number: Int) {
        #expect(throws: EstimatorError.notPositive(name: "TPUConfig iterations_per_loop", value: number)) {
            try TPUConfig(iterationsPerLoop: number)
        }
        #expect(throws: EstimatorError.notPositive(name: "TPUConfig num_shards", value: number)) {
            try TPUConfig(numShards: number)
        }
    }
}
