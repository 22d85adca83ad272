import Estimator
import Formats
import Testing

/// The kinds of the topic `validation` that are about variables.
@Suite struct SeedVariablesConformanceTests {
    @Test func everyCaseAboutVariables() throws {
        let kinds: [String: (SeedCase) throws -> Observed] = [
            "create_global_step": globalStep, "iterations_variable": iterations,
        ]
        let others = Skip(reason: "kinds that are not about variables") { kinds[$0.kind] == nil }
        try SeedTopic(name: "validation", skips: [others], kinds: kinds).run()
    }

    private func globalStep(_ each: SeedCase) throws -> Observed {
        let log = TraceLog()
        let scope = VariableScope(tracer: log.tracer)
        if try each.input.flag("already_exists", default: false) { try scope.createGlobalStep() }
        let made = try scope.createGlobalStep()
        #expect(log.records.map(\.event) == [.createVariable(made)], "\(each.id)")
        return .object(["variable": .object(made.observedMembers)])
    }

    private func iterations(_ each: SeedCase) throws -> Observed {
        let log = TraceLog()
        let scope = VariableScope(tracer: log.tracer)
        for number in 0..<(try each.input.wholeNumber("already_in_collection")) {
            scope.addToIterationsCollection(HostVariable(name: "existing\(number)", elementType: .int32))
        }
        var returned: [String] = []
        for _ in 0..<(try each.input.wholeNumber("calls")) { returned.append(try scope.iterationsVariable().name) }
        let created = log.records.compactMap { record in
            if case .createVariable(let variable) = record.event { variable } else { nil }
        }
        return .object([
            "returned": .strings(returned), "created": .list(created.map { .object($0.observedMembers) }),
        ])
    }
}
