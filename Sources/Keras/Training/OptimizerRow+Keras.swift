import Estimator
import Formats

extension OptimizerRow {
    /// Keras 2's and 3's classes.
    static let keras: [OptimizerRow] = [
        OptimizerRow(className: "SGD", family: .keras, learningRate: 0.01) { reader, rate in
            KerasSGD(
                learningRate: rate, momentum: reader.double("momentum", default: 0, in: .from(0, to: 1)),
                nesterov: reader.bool("nesterov", default: false))
        },
        OptimizerRow(className: "Adam", family: .keras, learningRate: 0.001, make: adam),
        OptimizerRow(className: "AdamW", family: .keras, learningRate: 0.001, weightDecay: 0.004, make: adam),
        OptimizerRow(className: "Adamax", family: .keras, learningRate: 0.001) { reader, rate in
            KerasAdamax(
                learningRate: rate, beta1: reader.beta("beta_1", default: 0.9),
                beta2: reader.beta("beta_2", default: 0.999), epsilon: reader.epsilon(default: 1e-7))
        },
        OptimizerRow(className: "Nadam", family: .keras, learningRate: 0.001, isOldFormula: false) { reader, rate in
            KerasNadam(
                learningRate: rate, beta1: reader.beta("beta_1", default: 0.9),
                beta2: reader.beta("beta_2", default: 0.999), epsilon: reader.epsilon(default: 1e-7))
        },
        OptimizerRow(className: "RMSprop", family: .keras, learningRate: 0.001, isOldFormula: false) { reader, rate in
            KerasRMSprop(
                learningRate: rate, rho: reader.beta("rho", default: 0.9),
                momentum: reader.double("momentum", default: 0, in: .from(0, to: 1)),
                epsilon: reader.epsilon(default: 1e-7), centered: reader.bool("centered", default: false))
        },
        OptimizerRow(className: "Adagrad", family: .keras, learningRate: 0.001, isOldFormula: false) { reader, rate in
            AdagradOptimizer.keras(
                learningRate: rate,
                initialAccumulatorValue: reader.double("initial_accumulator_value", default: 0.1, in: .notNegative),
                epsilon: reader.epsilon(default: 1e-7))
        },
        OptimizerRow(className: "Adadelta", family: .keras, learningRate: 0.001) { reader, rate in
            AdadeltaOptimizer.keras(
                learningRate: rate, rho: reader.beta("rho", default: 0.95), epsilon: reader.epsilon(default: 1e-7))
        },
        OptimizerRow(className: "Ftrl", family: .keras, learningRate: 0.001) { reader, rate in
            ftrl(reader, rate).withKerasSlots()
        },
        OptimizerRow(className: "Lion", family: .keras, learningRate: 0.001) { reader, rate in
            KerasLion(
                learningRate: rate, beta1: reader.double("beta_1", default: 0.9, in: .positive(upTo: 1)),
                beta2: reader.double("beta_2", default: 0.99, in: .from(0, to: 1)))
        },
        OptimizerRow(className: "Lamb", family: .keras, learningRate: 0.001) { reader, rate in
            LAMBOptimizer(
                learningRate: rate, beta1: reader.beta("beta_1", default: 0.9),
                beta2: reader.beta("beta_2", default: 0.999), epsilon: reader.epsilon(default: 1e-7))
        },
        // The rate is cut at 1 / √t whatever `relative_step` says, in Keras' own formula, too.
        OptimizerRow(className: "Adafactor", family: .keras, learningRate: 0.001, idle: ["relative_step"]) {
            reader, rate in
            KerasAdafactor(
                learningRate: rate, beta2Decay: reader.double("beta_2_decay", default: -0.8, in: .any),
                epsilon1: reader.epsilon("epsilon_1", default: 1e-30),
                epsilon2: reader.epsilon("epsilon_2", default: 0.001),
                clipThreshold: reader.double("clip_threshold", default: 1, in: .positive))
        },
    ]

    private static let adam: @Sendable (ObjectReader, LearningRate) -> any Optimizer = { reader, rate in
        KerasAdam(
            learningRate: rate, beta1: reader.beta("beta_1", default: 0.9),
            beta2: reader.beta("beta_2", default: 0.999), epsilon: reader.epsilon(default: 1e-7),
            amsgrad: reader.bool("amsgrad", default: false))
    }

    /// Keras' and TensorFlow 1's members have the same names.
    static func ftrl(_ reader: ObjectReader, _ rate: LearningRate) -> FtrlOptimizer {
        let power = reader.double("learning_rate_power", default: -0.5)
        if power > 0 { reader.fault("learning_rate_power", "must be at most 0, not \(power)") }
        func strength(_ name: String) -> Double {
            reader.double("\(name)_regularization_strength", default: 0, in: .notNegative)
        }
        return FtrlOptimizer(
            learningRate: rate, learningRatePower: power,
            initialAccumulatorValue: reader.double("initial_accumulator_value", default: 0.1, in: .notNegative),
            l1: strength("l1"), l2: strength("l2"), l2Shrinkage: strength("l2_shrinkage"),
            beta: reader.double("beta", default: 0, in: .notNegative))
    }
}
