import Estimator
import Executor
import Formats
import Graph
import Testing

@Suite struct GlobalStepTests {
    /// A scalar loss that is 0 whatever the step, and a step that is read in it.
    private func run(reads: Bool, steps: Int) throws -> ProgramRun {
        let builder = GraphBuilder()
        let w = builder.variable("w", initializer: .ones)
        if reads { w.assign(GlobalStep.value(in: builder).cast(to: .float32)) }
        let loss = builder.constant(0)
        _ = try GradientDescentOptimizer(learningRate: 1).minimize(loss, variables: [])
        let run = try ProgramRun(try builder.finish(loss: loss), on: .reference)
        for _ in 0..<steps { _ = try run.step([]) }
        return run
    }

    /// The value is the number of steps before this one.
    @Test(arguments: [1, 2, 5]) func countsStepsDone(steps: Int) throws {
        #expect(try run(reads: true, steps: steps).variable("w") == [Float(steps - 1)])
    }

    /// Where nothing reads it there is no such variable.
    @Test func isThereWhereItIsRead() throws {
        #expect(try run(reads: true, steps: 1).executor.program.variables.map(\.name) == ["w", "global_step"])
        #expect(try run(reads: false, steps: 1).executor.program.variables.map(\.name) == ["w"])
    }

    @Test func oneVariableHoweverOftenItIsRead() {
        let builder = GraphBuilder()
        for _ in 0..<3 { #expect(GlobalStep.value(in: builder).type == .scalar(.int64)) }
        builder.withScope("deep") { _ = GlobalStep.value(in: builder) }
        #expect(builder.variables.map(\.name) == ["global_step"])
        #expect(builder.trainableVariables.isEmpty)
    }
}
