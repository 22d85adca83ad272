import Estimator
import Testing

@Suite struct VariableScopeTests {
    @Test func aGlobalStepIsCreatedOnce() throws {
        let log = TraceLog()
        let scope = VariableScope(tracer: log.tracer)
        #expect(scope.globalStep == nil)
        #expect(try scope.createGlobalStep() == .globalStep)
        #expect(scope.globalStep == .globalStep)
        #expect(throws: EstimatorError.globalStepExists) { try scope.createGlobalStep() }
        #expect(log.records.map(\.event) == [.createVariable(.globalStep)])
    }

    @Test func iterationsAreCreatedOrFound() throws {
        let log = TraceLog()
        let scope = VariableScope(tracer: log.tracer)
        #expect(try scope.iterationsVariable() == .iterationsPerLoop)
        #expect(try scope.iterationsVariable() == .iterationsPerLoop)
        #expect(log.records.map(\.event) == [.createVariable(.iterationsPerLoop)])

        let other = HostVariable(name: "other", elementType: .int32)
        let given = VariableScope()
        given.addToIterationsCollection(other)
        #expect(try given.iterationsVariable() == other)
        given.addToIterationsCollection(other)
        #expect(throws: EstimatorError.iterationsVariableAmbiguous) { try given.iterationsVariable() }
    }
}
