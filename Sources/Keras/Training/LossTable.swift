import Estimator
import Formats
import Graph

/// The losses that a job can name: one row each.
enum LossTable {
    /// What a row makes of a loss's fields.
    struct Made: Sendable {
        /// Nil: as the row says.
        var labels: LabelKind?
        /// What its fields ask of the shapes; a sentence whose subject is the loss.
        var check: LossDefinition.Check?
        /// What the output's numbers are, one a class; nil where they are none of that.
        var scores: ClassScores?
        let values: LossDefinition.Values
    }

    /// One loss.
    struct Row: Sendable {
        /// Class, function and aliases.
        let names: [String]
        /// Its name in a sentence.
        let words: String
        /// What its labels are.
        let labels: LabelKind
        var reductions = LossReductions.keras
        /// Reads its fields.
        let read: @Sendable (ObjectReader) -> Made

        /// A loss with fields.
        init(
            _ names: [String], _ words: String, _ labels: LabelKind,
            read: @escaping @Sendable (ObjectReader) -> Made
        ) {
            self.names = names
            self.words = words
            self.labels = labels
            self.read = read
        }

        /// A loss without fields.
        init(
            _ names: [String], _ words: String, _ labels: LabelKind,
            values: @escaping LossDefinition.Values
        ) {
            self.init(names, words, labels) { _ in Made(values: values) }
        }

        /// The same of TensorFlow 1: each number is a loss of its own, and reductions have other names.
        func ofTensorFlow() -> Row {
            var row = Row(names, words, labels) { [read] reader in
                let made = read(reader)
                return Made(labels: made.labels, check: made.check, scores: made.scores) {
                    made.values($0, $1).ofElements
                }
            }
            row.reductions = .tensorFlow
            return row
        }
    }

    /// Every name.
    static let names = Array(byName.keys)

    /// The row of a name.
    static func row(_ name: String) -> Row? { byName[name] }

    /// One name of each.
    static let mainNames = rows.map { $0.names[0] }

    private static let rows = errors + margins + crossentropies + distributions + overlaps + [circle, ctc] + tensorFlow

    private static let byName: [String: Row] = {
        var byName: [String: Row] = [:]
        for row in rows {
            for name in row.names { byName[name] = row }
        }
        return byName
    }()

    static let errors = [
        Row(
            ["MeanSquaredError", "mean_squared_error", "mse", "MSE"], "mean squared error", .numbers,
            values: Losses.squaredErrors),
        Row(
            ["MeanAbsoluteError", "MeanAbsoluteErrorV2", "mean_absolute_error", "mae", "MAE"], "mean absolute error",
            .numbers, values: Losses.absoluteErrors),
        Row(
            ["MeanAbsolutePercentageError", "mean_absolute_percentage_error", "mape", "MAPE"],
            "mean absolute percentage error", .numbers, values: Losses.percentageErrors),
        Row(
            ["MeanSquaredLogarithmicError", "mean_squared_logarithmic_error", "msle", "MSLE"],
            "mean squared logarithmic error", .numbers, values: Losses.logarithmicErrors),
        Row(["Huber", "huber"], "Huber loss", .numbers) { reader in
            let delta = reader.double("delta", default: 1, in: .positive)
            return Made { Losses.huber(labels: $0, predictions: $1, delta: delta) }
        },
        Row(["LogCosh", "log_cosh", "logcosh"], "log-cosh", .numbers, values: Losses.logCosh),
    ]

    static let margins = [
        Row(["Hinge", "hinge"], "hinge loss", .numbers, values: Losses.hinge),
        Row(["SquaredHinge", "squared_hinge"], "squared hinge loss", .numbers, values: Losses.squaredHinge),
        Row(
            ["CategoricalHinge", "categorical_hinge"], "categorical hinge loss", .oneHot,
            values: Losses.categoricalHinge),
    ]

    static let binaryCrossentropy = Row(
        ["BinaryCrossentropy", "binary_crossentropy", "bce", "BCE"], "binary cross-entropy", .numbers
    ) { reader in
        let (fromLogits, smoothing) = crossentropy(reader)
        return Made {
            Losses.binaryCrossentropy(labels: $0, predictions: $1, fromLogits: fromLogits, smoothing: smoothing)
        }
    }

    static let categoricalCrossentropy = Row(
        ["CategoricalCrossentropy", "categorical_crossentropy"], "categorical cross-entropy", .oneHot
    ) { reader in
        let (fromLogits, smoothing) = crossentropy(reader)
        return Made(scores: scores(fromLogits)) {
            Losses.categoricalCrossentropy(
                labels: $0, predictions: $1, fromLogits: fromLogits, smoothing: smoothing)
        }
    }

    static let sparseCrossentropy = Row(
        ["SparseCategoricalCrossentropy", "sparse_categorical_crossentropy"], "sparse categorical cross-entropy",
        .classes()
    ) { reader in
        let fromLogits = reader.bool("from_logits", default: false)
        let ignored = reader.int("ignore_class", in: -1 << 31...1 << 31)
        reader.notSupported("axis", unless: -1)
        return Made(labels: .classes(ignored: ignored), scores: scores(fromLogits)) {
            Losses.sparseCategoricalCrossentropy(
                labels: $0, predictions: $1, fromLogits: fromLogits, ignoredClass: ignored)
        }
    }

    static let crossentropies = [
        binaryCrossentropy, categoricalCrossentropy, sparseCrossentropy,
        Row(["BinaryFocalCrossentropy", "binary_focal_crossentropy"], "binary focal cross-entropy", .numbers) {
            reader in
            let (fromLogits, smoothing) = crossentropy(reader)
            let gamma = reader.double("gamma", default: 2, in: .notNegative)
            let alpha = reader.double("alpha", default: 0.25, in: .from(0, to: 1))
            let isBalanced = reader.bool("apply_class_balancing", default: false)
            return Made {
                Losses.binaryFocalCrossentropy(
                    labels: $0, predictions: $1, fromLogits: fromLogits, smoothing: smoothing, gamma: gamma,
                    alpha: isBalanced ? alpha : nil)
            }
        },
        Row(
            ["CategoricalFocalCrossentropy", "categorical_focal_crossentropy"], "categorical focal cross-entropy",
            .oneHot
        ) { reader in
            let (fromLogits, smoothing) = crossentropy(reader)
            let gamma = reader.double("gamma", default: 2, in: .notNegative)
            let alpha =
                reader.value("alpha")?.array == nil
                ? [reader.double("alpha", default: 0.25, in: .notNegative)]
                : reader.doubles("alpha", in: .notNegative, count: 1...1_000_000) ?? [0.25]
            let check: LossDefinition.Check = { _, predictions in
                let classes = predictions.last ?? 1
                return alpha.count == 1 || alpha.count == classes
                    ? nil : "has \(alpha.count) weights in alpha, but the output has \(classes) classes"
            }
            return Made(check: check, scores: scores(fromLogits)) {
                Losses.categoricalFocalCrossentropy(
                    labels: $0, predictions: $1, fromLogits: fromLogits, smoothing: smoothing, gamma: gamma,
                    alpha: alpha)
            }
        },
        Row(
            ["CategoricalGeneralizedCrossEntropy", "categorical_generalized_cross_entropy"],
            "categorical generalized cross-entropy", .classes()
        ) { reader in
            let q = reader.double("q", default: 0.5, in: .between(0, and: 1))
            return Made { Losses.generalizedCrossentropy(labels: $0, predictions: $1, q: q) }
        },
    ]

    static let distributions = [
        Row(["Poisson", "poisson"], "Poisson loss", .numbers, values: Losses.poisson),
        Row(
            [
                "KLDivergence", "kl_divergence", "kld", "KLD", "kullback_leibler_divergence",
                "KullbackLeiblerDivergence",
            ], "Kullback-Leibler divergence", .numbers, values: Losses.divergence),
    ]

    private static let overlaps = [
        Row(
            ["CosineSimilarity", "cosine_similarity", "cosine_proximity", "CosineProximity"], "cosine similarity",
            .numbers
        ) { reader in
            let axis = axisOfRow(reader)
            return Made(check: { wrong([axis], $0, $1) }) {
                Losses.cosineSimilarity(labels: $0, predictions: $1, axis: axis)
            }
        },
        Row(["Dice", "dice"], "Dice loss", .numbers) { reader in
            let axes = axes(reader)
            return Made(check: { wrong(axes ?? [], $0, $1) }) { Losses.dice(labels: $0, predictions: $1, axes: axes) }
        },
        Row(["Tversky", "tversky"], "Tversky loss", .numbers) { reader in
            let alpha = reader.double("alpha", default: 0.5, in: .notNegative)
            let beta = reader.double("beta", default: 0.5, in: .notNegative)
            let axes = axes(reader)
            return Made(check: { wrong(axes ?? [], $0, $1) }) {
                Losses.tversky(labels: $0, predictions: $1, alpha: alpha, beta: beta, axes: axes)
            }
        },
    ]

    private static let circle = Row(["Circle", "circle"], "circle loss", .groups) { reader in
        let gamma = reader.double("gamma", default: 80, in: .positive)
        let margin = reader.double("margin", default: 0.4, in: .from(0, to: 1))
        let removesDiagonal = reader.bool("remove_diagonal", default: true)
        let check: LossDefinition.Check = { _, predictions in
            predictions.count == 1
                ? nil : "compares vectors, one a row, but the output has the shape \(predictions): expected one axis"
        }
        return Made(check: check) {
            Losses.circle(
                labels: $0, predictions: $1, gamma: gamma, margin: margin, removesDiagonal: removesDiagonal)
        }
    }

    private static let ctc = Row(
        ["CTC", "ctc"], "connectionist temporal classification", .sequence, values: Losses.ctc)

    /// What TensorFlow 1 has under other names; its `mean_squared_error` is Keras' where every weight is 1.
    private static let tensorFlow = [
        Row(["absolute_difference"], "absolute difference", .numbers, values: Losses.absoluteErrors),
        Row(["huber_loss"], "Huber loss", .numbers) { reader in
            let delta = reader.double("delta", default: 1, in: .positive)
            return Made { Losses.huber(labels: $0, predictions: $1, delta: delta) }
        },
        Row(["log_loss"], "log loss", .numbers) { reader in
            let epsilon = reader.double("epsilon", default: 1e-7, in: .notNegative)
            return Made { Losses.logLosses(labels: $0, predictions: $1, epsilon: epsilon) }
        },
        Row(["hinge_loss"], "hinge loss", .numbers, values: Losses.zeroOneHinge),
        Row(["sigmoid_cross_entropy"], "sigmoid cross-entropy", .numbers) { reader in
            let smoothing = smoothing(reader)
            return Made {
                Losses.binaryCrossentropy(labels: $0, predictions: $1, fromLogits: true, smoothing: smoothing)
            }
        },
        Row(["softmax_cross_entropy"], "softmax cross-entropy", .oneHot) { reader in
            let smoothing = smoothing(reader)
            return Made(scores: .logits) {
                Losses.categoricalCrossentropy(labels: $0, predictions: $1, fromLogits: true, smoothing: smoothing)
            }
        },
        Row(["sparse_softmax_cross_entropy"], "sparse softmax cross-entropy", .classes()) { _ in
            Made(scores: .logits) {
                Losses.sparseCategoricalCrossentropy(labels: $0, predictions: $1, fromLogits: true)
            }
        },
    ].map { $0.ofTensorFlow() }

    private static func scores(_ fromLogits: Bool) -> ClassScores { fromLogits ? .logits : .probabilities }

    private static func crossentropy(_ reader: ObjectReader) -> (fromLogits: Bool, smoothing: Double) {
        reader.notSupported("axis", unless: -1)
        return (reader.bool("from_logits", default: false), smoothing(reader))
    }

    private static func smoothing(_ reader: ObjectReader) -> Double {
        reader.double("label_smoothing", default: 0, in: .from(0, to: 1))
    }

    /// Reads one axis, which is not the batch's.
    static func axisOfRow(_ reader: ObjectReader) -> Int {
        let axis = reader.int("axis", default: -1, in: -8...8)
        if axis == 0 {
            reader.fault("axis", "must not be 0, the batch's axis: give an axis of a row, or -1 for the last")
        }
        return axis
    }

    /// Axes to sum over: one, a list, or all.
    private static func axes(_ reader: ObjectReader) -> [Int]? {
        guard let value = reader.value("axis") else { return nil }
        if value.array != nil { return reader.ints("axis", in: -8...8, count: 1...8) }
        return reader.int("axis", in: -8...8).map { [$0] }
    }

    /// What is wrong with axes, the batch's being 0, of a batch of such rows; nil: nothing.
    static func wrong(_ axes: [Int], _ labels: [Int], _ predictions: [Int]) -> String? {
        // A number a row counts as a vector of one.
        let rank = max(2, 1 + (labels.isEmpty ? predictions.count : min(labels.count, predictions.count)))
        let places = axes.map { $0 < 0 ? $0 + rank : $0 }
        if let wrong = zip(axes, places).first(where: { !(0..<rank).contains($0.1) })?.0 {
            return "is to be taken along axis \(wrong), but a batch of rows of shape \(predictions) has \(rank) axes"
        }
        return Set(places).count == places.count ? nil : "names one axis twice: \(axes)"
    }
}
