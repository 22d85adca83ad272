import Estimator
import Formats
import KerasFiles

/// A metric as a job asks for it.
struct MetricReader {
    /// Names of the tensors that metrics read.
    static let labels = "labels"
    static let predictions = "predictions"

    /// Names that mean one of several metrics, by the shapes of labels and output.
    private static let byShape: Set<String> = ["accuracy", "acc", "crossentropy", "ce"]

    /// Its name in the results.
    var name: String
    private let object: KerasObject
    /// What it is; nil: it follows from the shapes.
    private let definition: (row: MetricTable.Row, made: MetricTable.Made)?

    /// Where it is.
    var pointer: JSONPointer { object.pointer }

    /// Whether what an output's mask leaves out does not count for it: for all metrics in Keras 2, for means of functions in
    /// Keras 3.
    func heedsMasks(_ version: KerasVersion) -> Bool { version == .keras2 || definition?.row.isMean ?? true }

    /// Reads a name, Keras' serialized form or the short form.
    init?(_ value: JSON, at pointer: JSONPointer, faults: SpecErrors) {
        guard let object = KerasObject(value, at: pointer, what: "a metric", faults: faults) else { return nil }
        self.object = object
        if KerasNames.metricsOfNumbers.contains(object.className) {
            faults.add(
                object.namePointer,
                "metric \(object.className) can't be used: it takes numbers and their weights, not labels and predictions, so that "
                    + "Keras can't train with it either; MeanMetricWrapper has the mean of a function",
                code: SpecError.notSupported)
            return nil
        }
        let config = object.reader(faults)
        let row = MetricTable.row(object.className)
        guard row != nil || MetricReader.byShape.contains(object.className) else {
            object.refuse(
                "metric", supported: MetricTable.names + MetricReader.byShape,
                listed: MetricTable.mainNames + ["accuracy", "crossentropy"], laterOnes: KerasNames.laterMetrics,
                faults: faults)
            return nil
        }
        // A metric by its name keeps that name in the results; an object has its own (KERAS.md: section 6).
        name =
            config.string("name", maxLength: 200)
            ?? (object.form == .name ? object.className : row?.ownName ?? ClassName.snakeCase(object.className))
        config.accept("fn")
        if row?.isWhole == true { config.accept("dtype") } else { config.float32Only() }
        definition = row.map { ($0, $0.read(config)) }
        config.finish()
    }

    /// The metric, once the shapes of one row's label and output are known; it must be asked before training begins.
    /// "accuracy" and "crossentropy" are sparse, categorical or binary by them, as in Keras.
    ///
    /// - Parameters:
    ///   - labelsName: the tensor of the labels.
    ///   - predictionsName: the tensor of the output.
    func metric(
        labels: [Int], output: [Int], labelsName: String = MetricReader.labels,
        predictionsName: String = MetricReader.predictions
    ) throws(SpecError) -> Metric {
        let (row, made) = definition ?? byShape(labels, output)
        if let kind = made.labels ?? row.labels, !kind.fits(labels: labels, output: output) {
            throw SpecError(
                object.pointer,
                "\(object.className) can't compare labels of shape \(labels) with an output of \(output)")
        }
        if let why = made.check?(labels, output) {
            throw SpecError(object.pointer, "\(object.className) \(why)")
        }
        return made.metric(MetricTable.Place(name: name, labels: labelsName, predictions: predictionsName))
    }

    /// One number a row is binary, class numbers are sparse, the rest is categorical.
    private func byShape(_ labels: [Int], _ output: [Int]) -> (row: MetricTable.Row, made: MetricTable.Made) {
        let isAccuracy = ["accuracy", "acc"].contains(object.className)
        let isBinary = (output.last ?? 1) == 1
        let isSparse = labels.count < output.count || labels.last == 1
        let row =
            if isBinary {
                isAccuracy ? MetricTable.binaryAccuracy : MetricTable.binaryCrossentropy
            } else if isSparse {
                isAccuracy ? MetricTable.sparseAccuracy : MetricTable.sparseCrossentropy
            } else {
                isAccuracy ? MetricTable.categoricalAccuracy : MetricTable.categoricalCrossentropy
            }
        return (row, row.read(ObjectReader([:], at: object.configPointer, faults: SpecErrors())))
    }
}
