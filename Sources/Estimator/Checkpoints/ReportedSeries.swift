package import OrderedCollections

/// What a run has reported up to a step: the step's loss, the last evaluation and the points of its series.
///
/// Bounded: of every series the first and the newest points stay, and of the others fewer and fewer, so that a checkpoint stays
/// small however long the run. Which ones stay depends on nothing but the points: a run that was cut and one that was
/// not hold the same.
package struct ReportedSeries: Sendable, Equatable {
    /// One point of a series.
    package struct Point: Sendable, Equatable {
        /// The global step.
        package var step: Int
        /// The value; nil when it is not finite.
        package var value: Double?

        /// A point; a value that is not finite becomes nil.
        package init(step: Int, value: Double?) {
            self.step = step
            self.value = value.flatMap { $0.isFinite ? $0 : nil }
        }
    }

    /// An evaluation as it is reported.
    package struct Evaluation: Sendable, Equatable {
        /// The global step of the variables that were evaluated.
        package var step: Int
        /// The numbers by name, `loss` first; nil for one that is not finite.
        package var values: OrderedDictionary<String, Double?>

        /// The numbers of an evaluation at a step.
        package init(step: Int, values: OrderedDictionary<String, Double?>) {
            self.step = step
            self.values = values
        }
    }

    /// How many points of a series there are at most. At this number every second one of the older half goes.
    package static let limit = 2048

    /// The name of the series of training losses.
    package static let loss = "loss"

    /// Core 0's loss of the last step; nil before the first one.
    package var lastLoss: Double?
    /// The last evaluation; nil before the first one.
    package private(set) var evaluation: Evaluation?
    /// The points by the series' name (`loss`, `eval/accuracy`, …), each series by step.
    package private(set) var points: OrderedDictionary<String, [Point]>

    /// By default nothing.
    package init(
        lastLoss: Double? = nil, evaluation: Evaluation? = nil, points: OrderedDictionary<String, [Point]> = [:]
    ) {
        self.lastLoss = lastLoss
        self.evaluation = evaluation
        self.points = points
    }

    /// The step of a series' newest point; nil without one.
    package func newestStep(of series: String) -> Int? { points[series]?.last?.step }

    /// Adds the training loss of a loop's last step.
    package mutating func add(loss: Double, step: Int) { append(Point(step: step, value: loss), to: Self.loss) }

    /// Adds an evaluation, which is the last one from now on.
    package mutating func add(_ evaluation: Evaluation) {
        self.evaluation = evaluation
        for (name, value) in evaluation.values {
            append(Point(step: evaluation.step, value: value), to: "eval/\(name)")
        }
    }

    private mutating func append(_ point: Point, to series: String) {
        points[series, default: []].append(point)
        guard let count = points[series]?.count, count >= Self.limit else { return }
        let half = count / 2
        points[series] = points[series].map { all in
            stride(from: 0, to: half, by: 2).map { all[$0] } + all[half...]
        }
    }
}
