package import Estimator
package import Formats

/// A schedule in the place of a learning rate: Keras' classes, and TensorFlow 1's functions by name.
package enum ScheduleReader {
    private typealias Make = @Sendable (ObjectReader) -> LearningRate

    /// Keras' classes call the first rate `initial_learning_rate`, TensorFlow 1's functions `learning_rate`.
    private static let readers: [String: Make] = {
        var readers: [String: Make] = [
            "PiecewiseConstantDecay": piecewise, "piecewise_constant": piecewise,
            "natural_exp_decay": { decay(.exponential, $0, "learning_rate") },
            "warmup_polynomial": { warmUpPolynomial($0) }, "linear_cosine_decay": { linearCosine($0) },
        ]
        for (keras, tensorFlow, make) in [
            ("ExponentialDecay", "exponential_decay", { @Sendable in decay(.power, $0, $1) }),
            ("InverseTimeDecay", "inverse_time_decay", { @Sendable in decay(.inverse, $0, $1) }),
            ("PolynomialDecay", "polynomial_decay", { @Sendable in LearningRate(polynomial($0, $1)) }),
            ("CosineDecay", "cosine_decay", cosine), ("CosineDecayRestarts", "cosine_decay_restarts", restarts),
        ] as [(String, String, @Sendable (ObjectReader, String) -> LearningRate)] {
            readers[keras] = { make($0, "initial_learning_rate") }
            readers[tensorFlow] = { make($0, "learning_rate") }
        }
        return readers
    }()

    /// Reads Keras' serialized form or the short form; nil where it is at fault.
    package static func read(_ value: JSON, at pointer: JSONPointer, faults: SpecErrors) -> LearningRate? {
        guard let object = KerasObject(value, at: pointer, what: "a schedule", faults: faults) else { return nil }
        guard let read = readers[object.className] else {
            object.refuse(
                "schedule", supported: Array(readers.keys), laterOnes: KerasNames.laterSchedules, faults: faults)
            return nil
        }
        let reader = object.reader(faults)
        let rate = read(reader)
        reader.accept("name")
        reader.finish()
        return rate
    }

    private static func decay(_ law: TimeDecay.Law, _ reader: ObjectReader, _ rateName: String) -> LearningRate {
        LearningRate(
            TimeDecay(
                law, initialRate: rate(reader, rateName), decaySteps: steps(reader),
                decayRate: reader.double("decay_rate", required: true, in: .notNegative) ?? 1,
                isStaircase: reader.bool("staircase", default: false)))
    }

    private static func polynomial(_ reader: ObjectReader, _ rateName: String) -> PolynomialDecay {
        PolynomialDecay(
            initialRate: rate(reader, rateName), decaySteps: steps(reader),
            endRate: reader.double("end_learning_rate", default: 0.0001, in: .notNegative),
            power: reader.double("power", default: 1, in: .notNegative),
            cycles: reader.bool("cycle", default: false))
    }

    /// BERT's code: the decay's clock starts with the warm-up, not at its end.
    private static func warmUpPolynomial(_ reader: ObjectReader) -> LearningRate {
        let decay = polynomial(reader, "learning_rate")
        return LearningRate(
            WarmUpDecay(
                peakRate: decay.initialRate,
                warmUpSteps: reader.double("warmup_steps", required: true, in: .notNegative) ?? 0, decay: decay))
    }

    private static func cosine(_ reader: ObjectReader, _ rateName: String) -> LearningRate {
        var decay = CosineDecay(
            initialRate: rate(reader, rateName), decaySteps: steps(reader),
            alpha: reader.double("alpha", default: 0, in: .notNegative))
        guard rateName == "initial_learning_rate" else { return LearningRate(decay) }
        let warmUpSteps = reader.double("warmup_steps", default: 0, in: .notNegative)
        if let target = reader.double("warmup_target", in: .notNegative) {
            decay.warmUp = CosineDecay.WarmUp(target: target, steps: warmUpSteps)
        } else if warmUpSteps > 0 {
            reader.fault("warmup_steps", "needs warmup_target, the rate that the warm-up ends at")
        }
        return LearningRate(decay)
    }

    private static func linearCosine(_ reader: ObjectReader) -> LearningRate {
        LearningRate(
            LinearCosineDecay(
                initialRate: rate(reader, "learning_rate"), decaySteps: steps(reader),
                periods: reader.double("num_periods", default: 0.5, in: .notNegative),
                alpha: reader.double("alpha", default: 0, in: .notNegative),
                beta: reader.double("beta", default: 0.001, in: .notNegative)))
    }

    private static func restarts(_ reader: ObjectReader, _ rateName: String) -> LearningRate {
        LearningRate(
            CosineDecayRestarts(
                initialRate: rate(reader, rateName), firstDecaySteps: steps(reader, "first_decay_steps"),
                periodFactor: reader.double("t_mul", default: 2, in: .atLeast(1)),
                rateFactor: reader.double("m_mul", default: 1, in: .notNegative),
                alpha: reader.double("alpha", default: 0, in: .notNegative)))
    }

    private static let piecewise: Make = { reader in
        let boundaries = reader.doubles("boundaries", required: true, in: .notNegative, count: 1...1000) ?? []
        let values = reader.doubles("values", required: true, in: .notNegative, count: 2...1001) ?? []
        if zip(boundaries, boundaries.dropFirst()).contains(where: { $0 >= $1 }) {
            reader.fault("boundaries", "must ascend")
        }
        if !boundaries.isEmpty, !values.isEmpty, values.count != boundaries.count + 1 {
            reader.fault(
                "values", "must have one element more than boundaries, \(boundaries.count + 1), not \(values.count)")
        }
        return LearningRate(PiecewiseConstantDecay(boundaries: boundaries, values: values))
    }

    private static func rate(_ reader: ObjectReader, _ name: String) -> Double {
        reader.double(name, required: true, in: .notNegative) ?? 0
    }

    private static func steps(_ reader: ObjectReader, _ name: String = "decay_steps") -> Double {
        reader.double(name, required: true, in: .positive) ?? 1
    }
}
