import Estimator
import Formats
import Graph
import TestSupport
import Testing

/// `numeric/optimizers`: 20 updates; parameters after each of them, slots after the last.
@Suite(.enabled(if: ProjectFiles.hasCases("numeric/optimizers.json"), "\(ProjectFiles.noCases)"))
struct OptimizerConformanceTests {
    @Test(arguments: ExecutorUnderTest.all) func updates(on under: ExecutorUnderTest) throws {
        let cases = try NumericSuite("optimizers").cases(
            where: { $0.json["problem"] != "indexed_slices" }, otherwise: "indexed slices have a test of their own")
        for numeric in cases { try run(numeric, on: under) }
    }

    /// A gradient of rows is one dense tensor, rows of the same index added up: what happens behind CrossShardOptimizer on a
    /// TPU. The numbers of the other way, in which rows without a gradient keep their slots, are not looked at.
    @Test(arguments: ExecutorUnderTest.all) func indexedSlicesAreDense(on under: ExecutorUnderTest) throws {
        let cases = try NumericSuite("optimizers").cases(
            where: { $0.json["problem"] == "indexed_slices" }, otherwise: "dense gradients have a test of their own")
        for numeric in cases {
            let builder = GraphBuilder()
            let initial = try #require(try numeric.arrays("initial").first)
            let table = try builder.variable(initial.name, initial.array)
            let gradient = VariableGradient(variable: table, gradient: builder.infeed(table.type))
            _ = try NumericOptimizer.make(numeric).applyGradients([gradient], in: builder)
            let run = try ProgramRun(try builder.finish(), on: under)
            let indices = try numeric.array(numeric.json["indices"])
            let values = try numeric.array(numeric.json["values"])
            let expected = try #require(try numeric.arrays("parameters_dense").first).array
            for step in 0..<(try numeric.int("steps")) {
                try run.step([try Self.dense(indices.row(step), values.row(step), shape: table.shape.dimensions)])
                try numeric.tolerance().check(
                    try run.variable(initial.name), try expected.row(step).floats, "\(numeric.id) after step \(step)")
            }
        }
    }

    private static func dense(_ indices: NDArray, _ rows: NDArray, shape: [Int]) throws -> NDArray {
        var sums = [Float](repeating: 0, count: shape.reduce(1, *))
        for (place, index) in try indices.elements(as: Int32.self).enumerated() {
            for (column, value) in try rows.row(place).floats.enumerated() {
                sums[Int(index) * shape[1] + column] += value
            }
        }
        return NDArray(sums, shape: shape)
    }

    private func run(_ numeric: NumericCase, on under: ExecutorUnderTest) throws {
        let builder = GraphBuilder()
        let variables = try numeric.arrays("initial").map { try builder.variable($0.name, $0.array) }
        let optimizer = try NumericOptimizer.make(numeric)
        let isRegression = try numeric.string("problem") == "regression"
        let inputs = try numeric.arrays(isRegression ? "data" : "gradients")
        var loss: Tensor?
        if isRegression {
            let (x, y) = (try builder.infeed(inputs[0].array), try builder.infeed(inputs[1].array))
            let error = Losses.meanSquaredError(
                labels: y, predictions: x.matmul(variables[0].value) + variables[1].value)
            _ = try optimizer.minimize(error)
            loss = error
        } else {
            try #require(inputs.map(\.name) == variables.map(\.name))
            let gradients = variables.map { VariableGradient(variable: $0, gradient: builder.infeed($0.type)) }
            _ = try optimizer.applyGradients(gradients, in: builder)
            GlobalStep.increment(in: builder)
        }
        let run = try ProgramRun(try builder.finish(loss: loss), on: under)
        let tolerance = try numeric.tolerance()
        let expected = try numeric.arrays("parameters")
        let losses = try isRegression ? numeric.array(numeric.json["loss"]).floats : []
        for step in 0..<(try numeric.int("steps")) {
            let result = try run.step(try inputs.map { isRegression ? $0.array : try $0.array.row(step) })
            if let loss = result.loss { tolerance.check([loss], [losses[step]], "\(numeric.id) loss of step \(step)") }
            for (name, array) in expected {
                tolerance.check(
                    try run.variable(name), try array.row(step).floats, "\(numeric.id) \(name) after step \(step)")
            }
        }
        guard numeric.json["slots_after_last_step"] != nil else { return }
        for (name, array) in try numeric.arrays("slots_after_last_step") {
            tolerance.check(try run.variable(name), try array.floats, "\(numeric.id) slot \(name)")
        }
    }
}
