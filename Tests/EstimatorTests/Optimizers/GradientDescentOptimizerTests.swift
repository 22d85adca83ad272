import Estimator
import Executor
import Formats
import Graph
import Testing

@Suite struct GradientDescentOptimizerTests {
    @Test func theFormula() throws {
        let run = try OptimizerRun(GradientDescentOptimizer(learningRate: 0.25))
        run.check { _, g, _ in -0.25 * g }
        #expect(run.slots.isEmpty)
    }

    /// A step of 0 changes nothing.
    @Test func noRate() throws {
        let run = try OptimizerRun(GradientDescentOptimizer(learningRate: 0))
        #expect(run.values.allSatisfy { $0 == OptimizerRun.initial })
    }

    /// w² in doubles: w loses 2·lr·w a step, and the rate is of the variable's own type.
    @Test func doubles() throws {
        let builder = GraphBuilder()
        let w = builder.variable("w", dtype: .float64, initializer: .constant(3))
        let loss = w.value.square()
        _ = try GradientDescentOptimizer(learningRate: 0.1).minimize(loss)
        let run = try ProgramRun(try builder.finish(loss: loss), on: .reference)
        for _ in 0..<3 { _ = try run.step([]) }
        let value = try run.executor.read(variable: "w").withUnsafeBytes { $0.load(as: Double.self) }
        #expect(abs(value - 3 * 0.8 * 0.8 * 0.8) < 1e-14, "the rate was not rounded to a float")
    }
}
