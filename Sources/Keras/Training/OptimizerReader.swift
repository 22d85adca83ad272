import Estimator
import Formats
import Graph

/// A job's `optimizer` as the estimator's: Keras' classes and TensorFlow 1's by name.
enum OptimizerReader {
    private static let readers: [String: @Sendable (ObjectReader) -> any Optimizer] = [
        "SGD": sgd, "sgd": sgd, "Adam": adam, "adam": adam,
        "GradientDescentOptimizer": { reader in
            GradientDescentOptimizer(learningRate: rate(reader, default: nil))
        },
        "MomentumOptimizer": { reader in
            let momentum = reader.double("momentum", required: true, in: .from(0, to: 1)) ?? 0
            return MomentumOptimizer(
                learningRate: rate(reader, default: nil), momentum: momentum,
                useNesterov: reader.bool("use_nesterov", default: false))
        },
        "AdamOptimizer": { reader in
            AdamOptimizer(
                learningRate: rate(reader, default: 0.001), beta1: beta(reader, "beta1", "beta_1", 0.9),
                beta2: beta(reader, "beta2", "beta_2", 0.999),
                epsilon: reader.double("epsilon", default: 1e-8, in: .notNegative))
        },
    ]

    /// Reads a name, Keras' serialized form or the short form.
    static func read(_ value: JSON, at pointer: JSONPointer, faults: SpecErrors) -> (any Optimizer)? {
        guard let object = KerasObject(value, at: pointer, what: "an optimizer", faults: faults) else { return nil }
        guard let read = readers[object.className] else {
            object.refuse(
                "optimizer", supported: Array(readers.keys), laterOnes: KerasNames.laterOptimizers, faults: faults)
            return nil
        }
        let reader = object.reader(faults)
        let optimizer = read(reader)
        reader.accept("name", "jit_compile", "ema_momentum", "use_locking")
        for name in [
            "weight_decay", "clipnorm", "global_clipnorm", "clipvalue", "ema_overwrite_frequency", "loss_scale_factor",
            "gradient_accumulation_steps",
        ] {
            reader.notSupported(name)
        }
        reader.notSupported("use_ema", unless: false)
        reader.notSupported("is_legacy_optimizer", unless: false)
        reader.finish()
        return optimizer
    }

    private static func sgd(_ reader: ObjectReader) -> any Optimizer {
        KerasSGD(
            learningRate: rate(reader, default: 0.01),
            momentum: reader.double("momentum", default: 0, in: .from(0, to: 1)),
            nesterov: reader.bool("nesterov", default: false))
    }

    private static func adam(_ reader: ObjectReader) -> any Optimizer {
        KerasAdam(
            learningRate: rate(reader, default: 0.001), beta1: beta(reader, "beta_1", nil, 0.9),
            beta2: beta(reader, "beta_2", nil, 0.999),
            epsilon: reader.double("epsilon", default: 1e-7, in: .notNegative),
            amsgrad: reader.bool("amsgrad", default: false))
    }

    private static func beta(_ reader: ObjectReader, _ name: String, _ alias: String?, _ fallback: Double) -> Double {
        let other = alias.flatMap { reader.double($0, in: .from(0, below: 1)) }
        return reader.double(name, default: other ?? fallback, in: .from(0, below: 1))
    }

    /// The learning rate; nil as default: it is required, as in TensorFlow 1. `lr` is Keras' old word for it, and
    /// `decay` divides it by 1 + decay · steps done, as Keras' optimizers did until 2.10.
    private static func rate(_ reader: ObjectReader, default fallback: Double?) -> LearningRate {
        let isKeras = fallback != nil
        let name = isKeras && reader.has("lr") ? "lr" : "learning_rate"
        if name == "lr", reader.has("learning_rate") {
            reader.fault("lr", "is the old word for learning_rate: give one of them")
        }
        if let value = reader.value(name, required: fallback == nil), value.object != nil {
            reader.fault(name, "schedules are not supported yet; give a number", code: SpecError.notSupported)
            return LearningRate(0)
        }
        let rate = reader.double(name, in: .notNegative) ?? fallback ?? 0
        guard isKeras, let decay = reader.double("decay", in: .notNegative), decay > 0 else {
            return LearningRate(rate)
        }
        return LearningRate { stepsDone in rate / (stepsDone * decay + 1) }
    }
}
