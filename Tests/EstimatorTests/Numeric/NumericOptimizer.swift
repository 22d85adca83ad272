import Estimator
import Formats
import Testing

/// The optimizers of the numeric suites, by the name that the cases give.
enum NumericOptimizer {
    /// The optimizer of a case, every hyperparameter taken from it.
    static func make(_ numeric: NumericCase) throws -> any Optimizer {
        let hyper = try #require(numeric.json["hyperparameters"])
        func number(_ name: String) throws -> Double { try #require(hyper[name]?.double, "\(numeric.id): no \(name)") }
        let rate =
            try numeric.json["schedule"].map { try NumericSchedule.make($0) }
            ?? LearningRate(
                try number("learning_rate"))
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
        case "Adagrad":
            return AdagradOptimizer(
                learningRate: rate, initialAccumulatorValue: try number("initial_accumulator_value"))
        case "Adadelta":
            return AdadeltaOptimizer(learningRate: rate, rho: try number("rho"), epsilon: try number("epsilon"))
        case "RMSProp":
            return RMSPropOptimizer(
                learningRate: rate, decay: try number("decay"), momentum: try number("momentum"),
                epsilon: try number("epsilon"), centered: hyper["centered"]?.bool == true)
        case "Ftrl":
            return FtrlOptimizer(
                learningRate: rate, learningRatePower: try number("learning_rate_power"),
                initialAccumulatorValue: try number("initial_accumulator_value"), l1: try number("l1"),
                l2: try number("l2"), l2Shrinkage: try number("l2_shrinkage"), beta: try number("beta"))
        case "KerasAdamW":
            let adam = KerasAdam(
                learningRate: rate, beta1: try number("beta1"), beta2: try number("beta2"),
                epsilon: try number("epsilon"))
            return WeightDecayOptimizer(adam, weightDecay: try number("weight_decay"), learningRate: rate)
        case "TfaAdamW":
            let adam = AdamOptimizer(
                learningRate: rate, beta1: try number("beta1"), beta2: try number("beta2"),
                epsilon: try number("epsilon"))
            return WeightDecayOptimizer(adam, weightDecay: try number("weight_decay"), learningRate: nil)
        case "BertAdamW":
            let exclude = try #require(hyper["exclude"]?.array).compactMap(\.string)
            return AdamWeightDecayOptimizer(
                learningRate: rate, weightDecay: try number("weight_decay"), beta1: try number("beta1"),
                beta2: try number("beta2"), epsilon: try number("epsilon"),
                exclusions: try #require(WeightDecayExclusions(matching: exclude)))
        case "TfaLAMB":
            return LAMBOptimizer(
                learningRate: rate, weightDecay: try number("weight_decay"), beta1: try number("beta1"),
                beta2: try number("beta2"), epsilon: try number("epsilon"))
        case let other: throw TestFailure("no optimizer is called \(other)")
        }
    }
}

/// A test that can't go on.
struct TestFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
