import Estimator
import Formats
import Testing

/// The optimizers of the numeric suites that are built here, by the name that the cases give.
enum NumericOptimizer {
    static let names: Set<String> = ["GradientDescent", "Momentum", "Adam"]

    /// The optimizer of a case, every hyperparameter taken from it.
    static func make(_ numeric: NumericCase) throws -> any Optimizer {
        let hyper = try #require(numeric.json["hyperparameters"])
        func number(_ name: String) throws -> Double { try #require(hyper[name]?.double, "\(numeric.id): no \(name)") }
        let rate = LearningRate(try number("learning_rate"))
        switch try numeric.string("optimizer") {
        case "GradientDescent": return GradientDescentOptimizer(learningRate: rate)
        case "Momentum":
            return MomentumOptimizer(
                learningRate: rate, momentum: try number("momentum"),
                useNesterov: hyper["use_nesterov"]?.bool == true)
        case "Adam":
            return AdamOptimizer(
                learningRate: rate, beta1: try number("beta1"), beta2: try number("beta2"),
                epsilon: try number("epsilon"))
        case let other: throw TestFailure("no optimizer is called \(other)")
        }
    }
}

/// A test that can't go on.
struct TestFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
