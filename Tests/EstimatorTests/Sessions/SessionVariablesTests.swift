import Estimator
import Testing

@Suite struct SessionVariablesTests {
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
        variables.assign(loaded, to: .iterationsPerLoop)
        #expect(try variables.value(of: .iterationsPerLoop) == kept)
        variables.assign(loaded, to: .globalStep)
        #expect(try variables.value(of: .globalStep) == loaded)
    }

    @Test func sumsSaturate() throws {
        let variables = SessionVariables()
        variables.assign(.max - 1, to: .globalStep)
        #expect(try variables.add(5, to: .globalStep) == .max)
        variables.assign(.min + 1, to: .globalStep)
        #expect(try variables.add(-5, to: .globalStep) == .min)
        variables.assign(Int64(Int32.max), to: .iterationsPerLoop)
        #expect(try variables.add(1, to: .iterationsPerLoop) == Int64(Int32.max))
    }

    /// Reading and loading are runs of the session; what the device does to variables is not.
    @Test func whatIsReported() throws {
        let log = TraceLog()
        let variables = SessionVariables(tracer: log.tracer)
        variables.load(.max, into: .iterationsPerLoop)
        variables.assign(3, to: .globalStep)
        try variables.add(2, to: .globalStep)
        _ = try variables.value(of: .globalStep)
        _ = try variables.read(.globalStep)
        #expect(
            log.records.map(\.event) == [
                .loadVariable(name: "tpu_estimator/iterations_per_loop", value: Int64(Int32.max)),
                .readVariable(name: "global_step", value: 5),
            ])
    }
}
