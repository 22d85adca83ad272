import Estimator
import Formats
import Graph
import Testing

@Suite struct ClippedOptimizerTests {
    /// Two variables that go down by what is left of their gradients.
    private func clipped(_ clipping: ClippedOptimizer.Clipping, _ a: [Float], _ b: [Float]) throws -> [Float] {
        let builder = GraphBuilder()
        let variables = try ["a": a, "b": b].sorted { $0.key < $1.key }.map { name, values in
            try builder.variable(name, NDArray(values.map { _ in 0 as Float }))
        }
        let gradients = zip(variables, [a, b]).map { variable, values in
            VariableGradient(
                variable: variable, gradient: builder.constant(values.map(Double.init), shape: variable.shape))
        }
        let optimizer = ClippedOptimizer(GradientDescentOptimizer(learningRate: 1), to: clipping)
        _ = try optimizer.applyGradients(gradients, in: builder)
        let run = try ProgramRun(try builder.finish(), on: .reference)
        try run.step([])
        return try (run.variable("a") + run.variable("b")).map { -$0 }
    }

    @Test func eachByItself() throws {
        #expect(try clipped(.norm(5), [6, 8], [1]) == [3, 4, 1])
        #expect(try clipped(.norm(5), [0, 0], [-10]) == [0, 0, -5])
    }

    @Test func allTogether() throws {
        #expect(try clipped(.globalNorm(5), [6, 0], [8]) == [3, 0, 4])
        #expect(try clipped(.globalNorm(50), [6, 0], [8]) == [6, 0, 8])
        #expect(try clipped(.globalNorm(5), [0, 0], [0]) == [0, 0, 0])
    }

    @Test func eachNumber() throws {
        #expect(try clipped(.value(0.5), [6, -0.25], [-8]) == [0.5, -0.25, -0.5])
    }

    @Test func aVariableWithoutGradient() throws {
        for clipping in [.norm(1), .globalNorm(1), .value(1)] as [ClippedOptimizer.Clipping] {
            let builder = GraphBuilder()
            let variable = builder.variable("a", initializer: .ones)
            let optimizer = ClippedOptimizer(GradientDescentOptimizer(learningRate: 1), to: clipping)
            _ = try optimizer.applyGradients([VariableGradient(variable: variable, gradient: nil)], in: builder)
            #expect(try builder.finish().assignments.isEmpty)
        }
    }

    /// Inside of a CrossShardOptimizer the sum is clipped, which is 4 from four cores, and not each 1 of theirs.
    @Test func theSumOfTheCoresIsClipped() throws {
        let builder = GraphBuilder()
        let w = builder.variable("w", initializer: .zeros)
        let optimizer = CrossShardOptimizer(
            ClippedOptimizer(GradientDescentOptimizer(learningRate: 1), to: .norm(3)), reduction: .sum)
        _ = try optimizer.minimize(w.value * 1)
        let run = try ProgramRun(try builder.finish(), on: .reference, replicas: 4)
        try run.step([])
        #expect(try run.variable("w") == [-3])
    }
}
