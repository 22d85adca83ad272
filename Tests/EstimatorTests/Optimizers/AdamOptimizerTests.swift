import Estimator
import Formats
import Glibc
import Graph
import Testing

/// Algorithm 1 of Kingma and Ba 2014, written out again in doubles with ε where TensorFlow 1 has it.
@Suite struct AdamOptimizerTests {
    @Test(arguments: [(0.9, 0.999), (0.5, 0.75), (0, 0.5)]) func theFormula(beta1: Double, beta2: Double) throws {
        let run = try OptimizerRun(AdamOptimizer(learningRate: 0.05, beta1: beta1, beta2: beta2, epsilon: 1e-3))
        #expect(run.slots == ["beta1_power", "beta2_power", "dense/kernel/Adam", "dense/kernel/Adam_1"])
        run.check { step, g, state in
            let t = Double(step + 1)
            state[0] = beta1 * state[0] + (1 - beta1) * g
            state[1] = beta2 * state[1] + (1 - beta2) * g * g
            return -0.05 * sqrt(1 - pow(beta2, t)) / (1 - pow(beta1, t)) * state[0] / (sqrt(state[1]) + 1e-3)
        }
        // The powers of the step to come.
        let powers = try ["beta1_power", "beta2_power"].map { Double(try run.program.variable($0)[0]) }
        #expect(abs(powers[0] - pow(beta1, 6)) < 1e-6 && abs(powers[1] - pow(beta2, 6)) < 1e-6)
    }

    /// The first step is as long as the rate, whatever the gradient's size, and a gradient of 0 moves nothing.
    @Test func theFirstStep() throws {
        let run = try OptimizerRun(AdamOptimizer(learningRate: 0.25, epsilon: 0.00000001))
        let moved = zip(run.values[0], OptimizerRun.initial).map { $0 - $1 }
        for (change, sign) in zip(moved, [-1, 1, -1] as [Float]) { #expect(abs(change - 0.25 * sign) < 1e-5) }

        let builder = GraphBuilder()
        let w = builder.variable("w", initializer: .ones)
        let loss = w.value * 0
        _ = try AdamOptimizer().minimize(loss)
        let still = try ProgramRun(try builder.finish(loss: loss), on: .reference)
        for _ in 0..<3 { _ = try still.step([]) }
        #expect(try still.variable("w") == [1])
    }

    /// Powers go on for variables that have a gradient later, even where none has one now.
    @Test func withoutAnyGradient() throws {
        let builder = GraphBuilder()
        let w = builder.variable("w", initializer: .ones)
        let operation = AdamOptimizer(beta1: 0.5, beta2: 0.25).applyGradients(
            [VariableGradient(variable: w, gradient: nil)], in: builder)
        #expect(operation.slots == ["beta1_power", "beta2_power"])
        let run = try ProgramRun(try builder.finish(loss: w.value), on: .reference)
        for _ in 0..<2 { _ = try run.step([]) }
        #expect(try run.variable("beta1_power") == [0.125] && run.variable("beta2_power") == [0.015625])
    }

    /// Two of them in one graph have one name for two powers, which is said rather than mixed.
    @Test func twoInOneGraph() throws {
        let builder = GraphBuilder()
        let (a, b) = (builder.variable("a", initializer: .ones), builder.variable("b", initializer: .ones))
        _ = try AdamOptimizer().minimize(a.value + b.value, variables: [a])
        _ = try AdamOptimizer().minimize(a.value + b.value, variables: [b])
        let error = #expect(throws: GraphError.self) { try builder.finish(loss: a.value + b.value) }
        #expect(error?.code == .duplicate && error?.node == "beta1_power")
    }
}
