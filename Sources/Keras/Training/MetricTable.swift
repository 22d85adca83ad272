import Estimator
import Formats
import Graph

/// The metrics that a job can name: one row each.
enum MetricTable {
    /// The tensors of one output and the metric's name in the results.
    struct Place: Sendable {
        let name: String
        let labels: String
        let predictions: String
    }

    /// What a row makes of a metric's fields.
    struct Made: Sendable {
        /// Nil: as the row says.
        var labels: LabelKind?
        /// What its fields ask of the shapes; a sentence whose subject is the metric.
        var check: LossDefinition.Check?
        let metric: @Sendable (Place) -> Metric
    }

    /// One metric.
    struct Row: Sendable {
        /// Class, function and aliases.
        let names: [String]
        /// What its labels are; nil: anything of as many numbers.
        let labels: LabelKind?
        /// Keras' name for an object that has none, where it is not the class in snake case.
        var ownName: String?
        /// Whether Keras counts in whole numbers and says so as its dtype.
        var isWhole = false
        /// Whether it is the mean of a function (Keras: `MeanMetricWrapper`): in Keras 3 these alone look at an output's mask.
        var isMean = false
        /// Reads its fields.
        let read: @Sendable (ObjectReader) -> Made

        init(
            _ names: [String], _ labels: LabelKind?, ownName: String? = nil, isWhole: Bool = false,
            isMean: Bool = false, read: @escaping @Sendable (ObjectReader) -> Made
        ) {
            self.names = names
            self.labels = labels
            self.ownName = ownName
            self.isWhole = isWhole
            self.isMean = isMean
            self.read = read
        }
    }

    /// Every name.
    static let names = Array(byName.keys)

    /// The row of a name.
    static func row(_ name: String) -> Row? { byName[name] }

    /// One name of each.
    static let mainNames = rows.map { $0.names[0] }

    private static let rows = losses + means + accuracies + decisions + curves + overlaps + scores + [wrapper]

    private static let byName: [String: Row] = {
        var byName: [String: Row] = [:]
        for row in rows {
            for name in row.names { byName[name] = row }
        }
        return byName
    }()

    /// The crossentropies that a plain `crossentropy` is one of.
    static let binaryCrossentropy = loss(LossTable.binaryCrossentropy)
    static let categoricalCrossentropy = loss(LossTable.categoricalCrossentropy)
    static let sparseCrossentropy = loss(LossTable.sparseCrossentropy)

    /// Means of losses, under the losses' names and with their fields. Overlaps are of whole batches, which have no mean over
    /// rows, and the metric of cosines has the other sign.
    private static let losses =
        (LossTable.errors + LossTable.margins + LossTable.crossentropies + LossTable.distributions).map { loss($0) }

    static func loss(_ row: LossTable.Row) -> Row {
        // The one loss that has another name as metric.
        let isLogCosh = row.names.contains("LogCosh")
        return Row(
            row.names + (isLogCosh ? ["LogCoshError", "log_cosh_error"] : []), row.labels,
            ownName: isLogCosh ? "logcosh" : nil, isMean: true
        ) { reader in
            let made = row.read(reader)
            return Made(labels: made.labels, check: made.check) {
                .mean(of: made.values, labels: $0.labels, predictions: $0.predictions, name: $0.name)
            }
        }
    }

    private static let means = [
        Row(["RootMeanSquaredError", "root_mean_squared_error"], .numbers) { _ in
            Made { .rootMeanSquaredError(labels: $0.labels, predictions: $0.predictions, name: $0.name) }
        },
        Row(["MeanRelativeError", "mean_relative_error"], .numbers) { reader in
            let normalizer =
                reader.value("normalizer", required: true)?.array == nil
                ? [reader.double("normalizer", default: 1)]
                : reader.doubles("normalizer", count: 1...1_000_000) ?? [1]
            let check: LossDefinition.Check = { _, output in
                let count = output.last ?? 1
                return normalizer.count == 1 || normalizer.count == count
                    ? nil : "has \(normalizer.count) numbers in normalizer, but the output's last axis has \(count)"
            }
            return Made(check: check) {
                .meanRelativeError(
                    labels: $0.labels, predictions: $0.predictions, normalizer: normalizer, name: $0.name)
            }
        },
        Row(
            ["CosineSimilarity", "cosine_similarity", "CosineProximity", "cosine_proximity"], .numbers, isMean: true
        ) { reader in
            let axis = LossTable.axisOfRow(reader)
            return Made(check: { LossTable.wrong([axis], $0, $1) }) {
                .cosineSimilarity(labels: $0.labels, predictions: $0.predictions, axis: axis, name: $0.name)
            }
        },
        correlation(["PearsonCorrelation", "pearson_correlation"], .pearson),
        correlation(["ConcordanceCorrelation", "concordance_correlation"], .concordance),
    ]

    private static func correlation(_ names: [String], _ correlation: Correlation) -> Row {
        Row(names, .numbers, isMean: true) { reader in
            let axis = LossTable.axisOfRow(reader)
            let check: LossDefinition.Check = { labels, output in
                // That the batch's axis is none was told already.
                if axis == 0 { return nil }
                if let wrong = LossTable.wrong([axis], labels, output) { return wrong }
                // Of a batch, as the axis counts.
                let shape = [0] + (output.isEmpty ? [1] : output)
                let extent = shape[axis < 0 ? axis + shape.count : axis]
                return extent > 1
                    ? nil
                    : "is taken along axis \(axis), which has one number in rows of shape \(output): expected several"
            }
            return Made(check: check) {
                .correlation(
                    correlation, labels: $0.labels, predictions: $0.predictions, axis: axis, name: $0.name)
            }
        }
    }

    /// Sparse, categorical and binary accuracy, which a plain `accuracy` is one of.
    static let sparseAccuracy = Row(
        ["SparseCategoricalAccuracy", "sparse_categorical_accuracy"], .classes(), isMean: true
    ) { _ in
        Made { .sparseCategoricalAccuracy(labels: $0.labels, scores: $0.predictions, name: $0.name) }
    }
    static let categoricalAccuracy = Row(["CategoricalAccuracy", "categorical_accuracy"], .oneHot, isMean: true) { _ in
        Made { .categoricalAccuracy(labels: $0.labels, scores: $0.predictions, name: $0.name) }
    }
    static let binaryAccuracy = Row(["BinaryAccuracy", "binary_accuracy"], .numbers, isMean: true) { reader in
        let threshold = reader.double("threshold", default: 0.5)
        return Made {
            .binaryAccuracy(labels: $0.labels, scores: $0.predictions, threshold: threshold, name: $0.name)
        }
    }

    private static let accuracies = [
        sparseAccuracy, categoricalAccuracy, binaryAccuracy,
        Row(["Accuracy"], .numbers, isMean: true) { _ in
            Made { .accuracy(labels: $0.labels, predictions: $0.predictions, name: $0.name) }
        },
        Row(["TopKCategoricalAccuracy", "top_k_categorical_accuracy"], .oneHot, isMean: true) { reader in
            let k = reader.int("k", default: 5, in: 1...SpecLimit.extent)
            return Made {
                .topKCategoricalAccuracy(labels: $0.labels, scores: $0.predictions, k: k, name: $0.name)
            }
        },
        Row(
            ["SparseTopKCategoricalAccuracy", "sparse_top_k_categorical_accuracy"], .classes(), isMean: true
        ) { reader in
            let k = reader.int("k", default: 5, in: 1...SpecLimit.extent)
            reader.notSupported("from_sorted_ids", unless: false)
            return Made {
                .sparseTopKCategoricalAccuracy(labels: $0.labels, scores: $0.predictions, k: k, name: $0.name)
            }
        },
    ]

    private static let decisions = [
        decided(["Precision", "precision"], hasClasses: true, \.precision),
        decided(["Recall", "recall"], hasClasses: true, \.recall),
        decided(["TruePositives", "true_positives"], hasClasses: false, \.truePositives),
        decided(["FalsePositives", "false_positives"], hasClasses: false, \.falsePositives),
        decided(["TrueNegatives", "true_negatives"], hasClasses: false, \.trueNegatives),
        decided(["FalseNegatives", "false_negatives"], hasClasses: false, \.falseNegatives),
    ]

    private static func decided(
        _ names: [String], hasClasses: Bool, _ finish: @escaping @Sendable (ConfusionCounts) -> Double
    ) -> Row {
        Row(names, .numbers) { reader in
            let (decision, check) = DecisionReader.read(reader, hasClasses: hasClasses)
            return Made(check: check) {
                .decided(labels: $0.labels, predictions: $0.predictions, decision: decision, name: $0.name, finish)
            }
        }
    }

    private static let curves = [
        Row(["AUC", "auc"], .numbers) { reader in
            let curve = CurveReader(reader)
            return Made(check: curve.check) { place in curve.metric(place) }
        },
        point(["SensitivityAtSpecificity", "sensitivity_at_specificity"], .sensitivityAtSpecificity, "specificity"),
        point(["SpecificityAtSensitivity", "specificity_at_sensitivity"], .specificityAtSensitivity, "sensitivity"),
        point(["PrecisionAtRecall", "precision_at_recall"], .precisionAtRecall, "recall"),
        point(["RecallAtPrecision", "recall_at_precision"], .recallAtPrecision, "precision"),
    ]

    private static func point(_ names: [String], _ kind: OperatingPoint.Kind, _ given: String) -> Row {
        Row(names, .numbers) { reader in
            let point = OperatingPoint(kind, atLeast: reader.double(given, required: true, in: .from(0, to: 1)) ?? 0)
            let thresholds = reader.int("num_thresholds", default: 200, in: 1...CurveReader.mostThresholds)
            let (classNumber, check) = DecisionReader.classNumber(reader)
            return Made(check: check) {
                .operatingPoint(
                    point, labels: $0.labels, predictions: $0.predictions, thresholds: thresholds,
                    classNumber: classNumber, name: $0.name)
            }
        }
    }

    private static let overlaps = [
        Row(["MeanIoU"], nil, isWhole: true) { OverlapReader($0, [.classNames]).made },
        Row(["IoU"], nil, isWhole: true) { OverlapReader($0, [.classNames, .counted]).made },
        Row(["OneHotIoU"], nil, isWhole: true) { OverlapReader($0, [.oneHot, .counted]).made },
        Row(["OneHotMeanIoU"], nil, isWhole: true) { OverlapReader($0, [.oneHot]).made },
        Row(["BinaryIoU"], nil, isWhole: true) { OverlapReader($0, [.binary]).made },
    ]

    private static let scores = [
        Row(["F1Score", "f1_score"], .numbers) { score($0, beta: 1) },
        Row(["FBetaScore", "fbeta_score"], .numbers, ownName: "fbeta_score") {
            score($0, beta: $0.double("beta", default: 1, in: .positive))
        },
        Row(["R2Score", "r2_score"], .numbers) { reader in
            let aggregation = reader.choice("class_aggregation", default: DeterminationScore.Aggregation.uniform)
            let isSeveral = reader.members["class_aggregation"]?.isNull == true
            let regressors = reader.int("num_regressors", default: 0, in: 0...SpecLimit.extent)
            return Made(check: {
                single(isSeveral ? "class_aggregation" : nil, DeterminationScore.Aggregation.self, $0, $1)
            }) {
                .determination(
                    DeterminationScore(aggregation, regressors: regressors), labels: $0.labels,
                    predictions: $0.predictions, name: $0.name)
            }
        },
    ]

    private static func score(_ reader: ObjectReader, beta: Double) -> Made {
        let average = reader.choice("average", of: FScore.Average.self)
        let threshold = reader.double("threshold", in: .positive(upTo: 1))
        let isSeveral = !reader.has("average")
        return Made(check: { single(isSeveral ? "average" : nil, FScore.Average.self, $0, $1) }) {
            .score(
                FScore(average ?? .macro, beta: beta), labels: $0.labels, predictions: $0.predictions,
                threshold: threshold, name: $0.name)
        }
    }

    /// Scores by output take a vector a row, and where they are not averaged its only number.
    private static func single<Way: RawRepresentable<String> & CaseIterable>(
        _ field: String?, _: Way.Type, _ labels: [Int], _ output: [Int]
    ) -> String? {
        guard max(labels.count, output.count) <= 1 else { return "takes one vector a row, not an output of \(output)" }
        guard let field, let count = output.last, count > 1 else { return nil }
        let ways = Way.allCases.map(\.rawValue.quotedForMessage).inWords
        return "has no \(field), which would give \(count) numbers; a metric is one: take \(ways)"
    }
}
