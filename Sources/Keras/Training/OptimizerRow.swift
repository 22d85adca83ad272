import Estimator
import Formats

/// How one class of optimizers is read.
struct OptimizerRow: Sendable {
    /// Whose class it is, which decides the options that it takes beside its own.
    enum Family: Sendable {
        /// Keras 2 and 3: clipping, weight decay, averages and the like; found by its name in any case of letters.
        case keras
        /// TensorFlow 1's and code in its style: none.
        case tensorFlow
    }

    let className: String
    let family: Family
    /// The learning rate where none is given; nil: it is required.
    let learningRate: Double?
    /// Whether Keras' optimizers before 2.11, whose mark is the member `decay`, computed the same. True by default.
    var isOldFormula = true
    /// How much of a variable decays where it is not said. Default 0.
    var weightDecay = 0.0
    /// Members of Keras' serialized form that change nothing here.
    var idle: [String] = []
    /// The optimizer of that rate, by the members that are its own.
    let make: @Sendable (ObjectReader, LearningRate) -> any Optimizer
}

extension ObjectReader {
    /// A moment's part that stays, under the name or another that means the same.
    func beta(_ name: String, or alias: String? = nil, default fallback: Double) -> Double {
        let other = alias.flatMap { double($0, in: .from(0, below: 1)) }
        return double(name, default: other ?? fallback, in: .from(0, below: 1))
    }

    /// What is added to a divisor, at least 0.
    func epsilon(_ name: String = "epsilon", default fallback: Double) -> Double {
        double(name, default: fallback, in: .notNegative)
    }
}
