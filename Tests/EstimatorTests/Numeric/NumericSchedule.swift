import Estimator
import Formats
import Testing

/// The schedules of the numeric suites, by the kind that the cases give.
enum NumericSchedule {
    /// The rate of a case's schedule, every number taken from it.
    static func make(_ schedule: JSON) throws -> LearningRate {
        func number(_ name: String) throws -> Double { try #require(schedule[name]?.double, "no \(name)") }
        func numbers(_ name: String) throws -> [Double] {
            try #require(schedule[name]?.array, "no \(name)").compactMap(\.double)
        }
        let isStaircase = schedule["staircase"]?.bool == true
        func decay(_ law: TimeDecay.Law) throws -> LearningRate {
            LearningRate(
                TimeDecay(
                    law, initialRate: try number("learning_rate"), decaySteps: try number("decay_steps"),
                    decayRate: try number("decay_rate"), isStaircase: isStaircase))
        }
        switch schedule["kind"]?.string {
        case "exponential_decay": return try decay(.power)
        case "natural_exp_decay": return try decay(.exponential)
        case "inverse_time_decay": return try decay(.inverse)
        case "polynomial_decay":
            var decay = try polynomial(schedule)
            decay.cycles = schedule["cycle"]?.bool == true
            return LearningRate(decay)
        case "cosine_decay":
            return LearningRate(
                CosineDecay(
                    initialRate: try number("learning_rate"), decaySteps: try number("decay_steps"),
                    alpha: try number("alpha")))
        case "piecewise_constant":
            return LearningRate(
                PiecewiseConstantDecay(boundaries: try numbers("boundaries"), values: try numbers("values")))
        case "warmup_polynomial":
            return LearningRate(
                WarmUpDecay(
                    peakRate: try number("learning_rate"), warmUpSteps: try number("warmup_steps"),
                    decay: try polynomial(schedule)))
        case "warmup_cosine":
            return LearningRate(
                CosineDecay(
                    initialRate: try number("initial_learning_rate"), decaySteps: try number("decay_steps"),
                    alpha: try number("alpha"),
                    warmUp: .init(target: try number("warmup_target"), steps: try number("warmup_steps"))))
        case let other: throw TestFailure("no schedule is called \(other ?? "nothing")")
        }
    }

    private static func polynomial(_ schedule: JSON) throws -> PolynomialDecay {
        func number(_ name: String) throws -> Double { try #require(schedule[name]?.double, "no \(name)") }
        return PolynomialDecay(
            initialRate: try number("learning_rate"), decaySteps: try number("decay_steps"),
            endRate: try number("end_learning_rate"), power: try number("power"))
    }
}
