import Estimator
import Formats
import Graph
import TestSupport
import Testing

/// `numeric/schedules`: learning rates at listed numbers of steps done.
@Suite(.enabled(if: ProjectFiles.hasCases("numeric/schedules.json"), "\(ProjectFiles.noCases)"))
struct ScheduleConformanceTests {
    @Test(arguments: ExecutorUnderTest.all) func rates(on under: ExecutorUnderTest) throws {
        for numeric in try NumericSuite("schedules").cases(where: { _ in true }, otherwise: "none") {
            let rate = try NumericSchedule.make(try #require(numeric.json["schedule"]))
            let steps = try #require(numeric.json["steps"]?.array).compactMap(\.double)
            let values = try #require(numeric.json["values"]?.array).compactMap(\.double).map { Float($0) }
            try #require(steps.count == values.count && !steps.isEmpty)
            let rates = try steps.map { try Self.rate(rate, stepsDone: $0, on: under) }
            try numeric.tolerance().check(rates, values, numeric.id)
        }
    }

    /// The rate of the step behind so many.
    static func rate(_ rate: LearningRate, stepsDone: Double, on under: ExecutorUnderTest) throws -> Float {
        let builder = GraphBuilder()
        _ = builder.variable(
            GlobalStep.name, dtype: .int64, initializer: .constant(stepsDone), isTrainable: false, isScoped: false)
        let result = builder.variable("rate", initializer: .zeros, isTrainable: false)
        result.assign(rate.value(in: builder))
        let run = try ProgramRun(try builder.finish(), on: under)
        try run.step([])
        return try #require(try run.variable("rate").first)
    }
}
