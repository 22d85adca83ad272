import Estimator
import Formats
import Graph
import Testing

@Suite struct OptimizerTests {
    /// Without a list all trainable variables are trained; with one the others stay as they are.
    @Test func variablesThatAreTrained() throws {
        func trained(_ only: [String]?) throws -> [Float] {
            let builder = GraphBuilder()
            let (a, b) = (builder.variable("a", initializer: .ones), builder.variable("b", initializer: .ones))
            let fixed = builder.variable("fixed", initializer: .ones, isTrainable: false)
            let loss = a.value + b.value * 2 + fixed.value
            let variables = only.map { names in builder.variables.filter { names.contains($0.name) } }
            _ = try GradientDescentOptimizer(learningRate: 0.5).minimize(loss, variables: variables)
            let run = try ProgramRun(try builder.finish(loss: loss), on: .reference)
            _ = try run.step([])
            return try ["a", "b", "fixed"].flatMap { try run.variable($0) }
        }
        #expect(try trained(nil) == [0.5, 0, 1])
        #expect(try trained(["b"]) == [1, 0, 1])
        #expect(try trained([]) == [1, 1, 1])
    }

    /// A variable without gradient is left alone, by every optimizer.
    @Test func variablesWithoutGradient() throws {
        let optimizers: [any Optimizer] = [
            GradientDescentOptimizer(learningRate: 1), MomentumOptimizer(learningRate: 1, momentum: 0.9),
            AdamOptimizer(learningRate: 1), KerasSGD(learningRate: 1, momentum: 0.9), KerasAdam(learningRate: 1),
            CrossShardOptimizer(MomentumOptimizer(learningRate: 1, momentum: 0.9)),
        ]
        for optimizer in optimizers {
            let builder = GraphBuilder()
            let (a, b) = (builder.variable("a", initializer: .ones), builder.variable("b", initializer: .ones))
            let loss = a.value + b.value
            var gradients = try optimizer.computeGradients(of: loss, for: [a, b])
            #expect(gradients.map(\.variable.name) == ["a", "b"])
            gradients[1].gradient = nil
            let operation = try optimizer.applyGradients(gradients, in: builder)
            #expect(!operation.slots.contains { $0.hasPrefix("b/") })
            let run = try ProgramRun(try builder.finish(loss: loss), on: .reference)
            _ = try run.step([])
            #expect(try run.variable("b") == [1])
            #expect(try run.variable("a") != [1])
        }
    }
}
