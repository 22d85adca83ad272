import Estimator
package import Formats
import Graph

/// What Keras' optimizers do around the formula of each, in Keras' order: the gradients of several steps are added up and
/// clipped; variables decay, are updated, and averaged.
package struct OptimizerOptions {
    /// What a training ends with.
    package enum End: Sendable, Hashable {
        /// The step of this number, from 1.
        case step(Int)
        /// The input's end.
        case input
        /// Nothing is trained, or the section is at fault, which its own reader tells.
        case none

        /// The end by a job's `train` as it was written.
        ///
        /// - Parameter firstStep: the global step before the job's first one. Default 0.
        package init(_ training: JSON?, after firstStep: Int = 0) {
            guard let section = training?.object else {
                self = .none
                return
            }
            let given = ["max_steps", "steps"].filter { section[$0].map { !$0.isNull } ?? false }.first
            self =
                given.map { name in
                    section[name]?.int.map { .step(name == "steps" ? $0.adding(saturating: firstStep) : $0) } ?? .none
                } ?? .input
        }
    }

    private let reader: ObjectReader
    /// Whether the optimizer was written by Keras 2, which says so by members that Keras 3 does not have.
    private let isKeras2: Bool

    init(_ reader: ObjectReader) {
        self.reader = reader
        isKeras2 = reader.members["jit_compile"] != nil || reader.members["is_legacy_optimizer"] != nil
    }

    /// The optimizer with all options around it.
    ///
    /// - Parameter end: what the training ends with: there, the variables become their averages.
    func applied(
        to optimizer: any Optimizer, rate: LearningRate, weightDecay fallback: Double, end: End
    ) -> any Optimizer {
        reader.accept("name", "jit_compile")
        reader.notSupported("is_legacy_optimizer", unless: false)
        var optimizer = optimizer
        if fallback > 0, reader.members["weight_decay"]?.isNull == true {
            reader.fault("weight_decay", "must be a number of at least 0, not null; leave it out for \(fallback)")
        }
        let decay = reader.double("weight_decay", default: fallback, in: .notNegative)
        if decay > 0 { optimizer = WeightDecayOptimizer(optimizer, weightDecay: decay, learningRate: rate) }
        if let clipping { optimizer = ClippedOptimizer(optimizer, to: clipping) }
        let steps = reader.int("gradient_accumulation_steps", in: 2...Int(Int32.max))
        if let steps { optimizer = AccumulatingOptimizer(optimizer, steps: steps) }
        optimizer = averaged(optimizer, stepsPerUpdate: steps ?? 1, end: end)
        if let factor = reader.double("loss_scale_factor", in: .positive) {
            optimizer = LossScaledOptimizer(optimizer, factor: factor)
        }
        return optimizer
    }

    /// Keras 3 takes one way of clipping; of several Keras 2 uses the first in this order.
    private var clipping: ClippedOptimizer.Clipping? {
        let names = ["clipnorm", "global_clipnorm", "clipvalue"]
        let given = names.compactMap { name in reader.double(name, in: .positive).map { (name: name, limit: $0) } }
        guard let first = given.first else { return nil }
        if given.count > 1, !isKeras2 {
            reader.fault(
                given[1].name,
                "can't be given together with \(first.name): give one of clipnorm, global_clipnorm and clipvalue")
        }
        return switch first.name {
        case "clipnorm": .norm(first.limit)
        case "global_clipnorm": .globalNorm(first.limit)
        default: .value(first.limit)
        }
    }

    private func averaged(_ optimizer: any Optimizer, stepsPerUpdate: Int, end: End) -> any Optimizer {
        let momentum = reader.double("ema_momentum", default: 0.99, in: .from(0, to: 1))
        let frequency = reader.int("ema_overwrite_frequency", in: 1...Int(Int32.max))
        guard reader.bool("use_ema", default: false) else { return optimizer }
        var lastStep: Int?
        switch end {
        case .step(let step): lastStep = step
        case .none: break
        case .input:
            reader.fault(
                "use_ema",
                "needs train.max_steps or train.steps: after the last step the variables become their averages")
        }
        return AveragedOptimizer(
            optimizer, momentum: momentum, overwriteFrequency: frequency, lastStep: lastStep,
            start: isKeras2 ? .initialValue : .firstUpdate, stepsPerUpdate: stepsPerUpdate)
    }
}
