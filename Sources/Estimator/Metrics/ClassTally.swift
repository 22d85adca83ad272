import Graph

/// How tensors name classes.
package enum ClassNames: Sendable {
    /// Numbers of classes.
    case numbers
    /// A number for each class along an axis, the largest of which counts.
    case largest(axis: Int)
    /// Class 1 from a number on, class 0 below.
    case atLeast(Double)

    /// The classes' numbers.
    func callAsFunction(_ tensor: Tensor) -> Tensor {
        switch self {
        case .numbers: tensor.cast(to: .int32)
        case .largest(let axis): tensor.argMax(axis: axis).cast(to: .int32)
        case .atLeast(let threshold):
            ((tensor.dtype.isFloating ? tensor : tensor.cast(to: .float32)) .>= threshold).cast(to: .int32)
        }
    }
}

/// How often classes are there, are predicted, and are both.
struct ClassTally: Sendable {
    /// Of each class: how often it is the label.
    private(set) var labels: [Double]
    /// Of each class: how often it is predicted.
    private(set) var predictions: [Double]
    /// Of each class: how often it is both.
    private(set) var hits: [Double]

    init(classes: Int) {
        labels = [Double](repeating: 0, count: classes)
        predictions = labels
        hits = labels
    }

    /// Takes one position; one of whose classes is none counts nothing, as in Keras.
    mutating func add(label: Int64, prediction: Int64, weight: Double = 1) {
        guard let label = Int(exactly: label), let prediction = Int(exactly: prediction),
            labels.indices.contains(label), labels.indices.contains(prediction)
        else { return }
        labels[label] += weight
        predictions[prediction] += weight
        if label == prediction { hits[label] += weight }
    }

    /// Of a class: where label and prediction both are it, divided by where either is; nil where neither ever is.
    func overlap(_ place: Int) -> Double? {
        let either = labels[place] + predictions[place] - hits[place]
        return either == 0 ? nil : hits[place] / either
    }
}

extension Metric {
    /// The mean over classes of intersection through union, over those of them that are there or predicted (Keras: `IoU` and
    /// its siblings; TensorFlow: `metrics.mean_iou`).
    ///
    /// - Parameters:
    ///   - classes: how many there are.
    ///   - counted: those that the mean is over; nil: all.
    ///   - ignoredClass: positions with this label don't count.
    package static func intersectionOverUnion(
        labels: String, predictions: String, classes: Int, counted: [Int]? = nil, ignoredClass: Int? = nil,
        labelNames: ClassNames = .numbers, predictionNames: ClassNames = .numbers, name: String
    ) -> Metric {
        tally(labels, predictions, classes, ignoredClass, labelNames, predictionNames, name) { tally in
            let overlaps = (counted ?? Array(0..<classes)).compactMap(tally.overlap)
            return overlaps.reduce(0, +).dividedSafely(by: Double(overlaps.count))
        }
    }

    /// The mean intersection over union of class numbers (TensorFlow: `metrics.mean_iou`, Keras: `MeanIoU`).
    public static func meanIntersectionOverUnion(
        labels: String, predictions: String, classes: Int, name: String = "mean_iou"
    ) -> Metric {
        intersectionOverUnion(labels: labels, predictions: predictions, classes: classes, name: name)
    }

    /// The mean over all classes of the part of its rows that is predicted so; 0 for a class that is not there (TensorFlow:
    /// `metrics.mean_per_class_accuracy`). Labels and predictions are class numbers.
    public static func meanPerClassAccuracy(
        labels: String, predictions: String, classes: Int, name: String = "mean_per_class_accuracy"
    ) -> Metric {
        tally(labels, predictions, classes, nil, .numbers, .numbers, name) { tally in
            zip(tally.hits, tally.labels).reduce(0) { $0 + $1.0.dividedSafely(by: $1.1) } / Double(classes)
        }
    }

    private static func tally(
        _ labels: String, _ predictions: String, _ classes: Int, _ ignoredClass: Int?, _ labelNames: ClassNames,
        _ predictionNames: ClassNames, _ name: String, finish: @escaping @Sendable (ClassTally) -> Double
    ) -> Metric {
        Metric(name: name, inputs: [labels, predictions]) {
            [labelNames($0[0]), predictionNames($0[1])] + $0.dropFirst(2)
        } makeAccumulator: {
            ClassAccumulator(tally: ClassTally(classes: classes), ignoredClass: ignoredClass, finish: finish)
        }
    }
}

/// Tallies class numbers.
private struct ClassAccumulator: MetricAccumulator {
    var tally: ClassTally
    let ignoredClass: Int?
    let finish: @Sendable (ClassTally) -> Double

    mutating func update(_ tensors: [HostTensor]) throws {
        let (labels, predictions) = (tensors[0].integers, tensors[1].integers)
        guard labels.count == predictions.count else {
            throw MetricError(
                "classes of shape \(tensors[0].type.shape) don't fit predicted ones of shape \(tensors[1].type.shape)")
        }
        let ignored = ignoredClass.map { Int64($0) }
        let weights = try PositionWeights(tensors, count: predictions.count)
        for (place, (label, prediction)) in zip(labels, predictions).enumerated() where label != ignored {
            tally.add(label: label, prediction: prediction, weight: weights[place])
        }
    }

    var value: Double { finish(tally) }
}
