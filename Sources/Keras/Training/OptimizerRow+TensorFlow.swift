import Estimator
import Formats

extension OptimizerRow {
    /// TensorFlow 1's classes, and that of BERT's code.
    static let tensorFlow: [OptimizerRow] = [
        OptimizerRow(className: "GradientDescentOptimizer", family: .tensorFlow, learningRate: nil) { _, rate in
            GradientDescentOptimizer(learningRate: rate)
        },
        OptimizerRow(className: "MomentumOptimizer", family: .tensorFlow, learningRate: nil) { reader, rate in
            MomentumOptimizer(
                learningRate: rate, momentum: reader.double("momentum", required: true, in: .from(0, to: 1)) ?? 0,
                useNesterov: reader.bool("use_nesterov", default: false))
        },
        OptimizerRow(className: "AdamOptimizer", family: .tensorFlow, learningRate: 0.001) { reader, rate in
            AdamOptimizer(
                learningRate: rate, beta1: reader.beta("beta1", or: "beta_1", default: 0.9),
                beta2: reader.beta("beta2", or: "beta_2", default: 0.999), epsilon: reader.epsilon(default: 1e-8))
        },
        OptimizerRow(className: "AdagradOptimizer", family: .tensorFlow, learningRate: nil) { reader, rate in
            AdagradOptimizer(
                learningRate: rate,
                initialAccumulatorValue: reader.double("initial_accumulator_value", default: 0.1, in: .positive))
        },
        OptimizerRow(className: "AdadeltaOptimizer", family: .tensorFlow, learningRate: 0.001) { reader, rate in
            AdadeltaOptimizer(
                learningRate: rate, rho: reader.beta("rho", default: 0.95), epsilon: reader.epsilon(default: 1e-8))
        },
        OptimizerRow(className: "RMSPropOptimizer", family: .tensorFlow, learningRate: nil) { reader, rate in
            RMSPropOptimizer(
                learningRate: rate, decay: reader.beta("decay", default: 0.9),
                momentum: reader.double("momentum", default: 0, in: .from(0, to: 1)),
                epsilon: reader.epsilon(default: 1e-10), centered: reader.bool("centered", default: false))
        },
        OptimizerRow(className: "FtrlOptimizer", family: .tensorFlow, learningRate: nil, make: { ftrl($0, $1) }),
        OptimizerRow(className: "AdamWeightDecayOptimizer", family: .tensorFlow, learningRate: nil) { reader, rate in
            AdamWeightDecayOptimizer(
                learningRate: rate, weightDecay: reader.double("weight_decay_rate", default: 0, in: .notNegative),
                beta1: reader.beta("beta_1", default: 0.9), beta2: reader.beta("beta_2", default: 0.999),
                epsilon: reader.epsilon(default: 1e-6), exclusions: exclusions(reader))
        },
    ]

    private static func exclusions(_ reader: ObjectReader) -> WeightDecayExclusions {
        let name = "exclude_from_weight_decay"
        guard let patterns = reader.strings(name, count: 0...1000) else { return .none }
        if let exclusions = WeightDecayExclusions(matching: patterns) { return exclusions }
        reader.fault(
            name,
            "must be texts that variables' names hold, with ^ for a name's beginning and $ for its end; other "
                + "regular expressions are not supported yet", code: SpecError.notSupported)
        return .none
    }
}
