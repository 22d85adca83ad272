import Graph
package import OrderedCollections

/// Takes a spec's evaluation metrics from the device to the host: records them where the device's program is built, and makes
/// the metrics of what the outfeed brings (TensorFlow: `_EvalMetrics`, rules M5–M7).
package struct EvalMetricsRecorder<Element: OutfeedTensor> {
    private let context: TPUContext
    private let tracer: EventTracer
    private var recorded: EvaluationMetrics<Element>?

    /// A recorder that has seen nothing, for one evaluation in this context.
    package init(context: TPUContext, tracer: EventTracer = .silent) {
        self.context = context
        self.tracer = tracer
    }

    /// Records the metrics of a spec, once.
    ///
    /// - Throws: `EstimatorError.evalMetricsRecordedTwice`; `.evalMetricsMissing` for a spec without.
    package mutating func record(_ metrics: EvaluationMetrics<Element>?) throws(EstimatorError) {
        guard recorded == nil else { throw .evalMetricsRecordedTwice }
        guard let metrics else { throw .evalMetricsMissing }
        recorded = metrics
    }

    /// What was recorded.
    ///
    /// - Throws: `EstimatorError.evalMetricsNotRecorded`.
    package var metrics: EvaluationMetrics<Element> {
        get throws(EstimatorError) {
            guard let recorded else { throw .evalMetricsNotRecorded }
            return recorded
        }
    }

    /// The tensors that each core sends, in order.
    ///
    /// - Throws: `EstimatorError.evalMetricsNotRecorded`.
    package var outfeedTensors: [Element] { get throws(EstimatorError) { try metrics.tensors.elements } }

    /// The name under which a tensor reaches the host, by its place in the outfeed's tuple: the cores' results joined along the
    /// first axis.
    package static func joinedName(_ place: Int) -> String { "concat:\(place)" }

    /// The metrics of what the outfeed brings: from each core in order its tuple, from the tuples each tensor in order, joined
    /// along the first axis on core 0's host, and the metric function over these (M6).
    ///
    /// - Parameter further: how many tensors a core sends behind those of the metrics. Default 0.
    /// - Returns: each metric with `placeholder` as its update, which the caller's run fetches, and the real updates, in order,
    ///   which the outfeed's worker runs (M7).
    /// - Throws: `EstimatorError.outfeedScalar` for the first tensor without a batch; what calling the function throws; what
    ///   the context throws that does not know its job.
    package func metricOperations(
        placeholder: SessionOperation, further: Int = 0
    ) throws -> (operations: OrderedDictionary<String, MetricOperation>, updates: [SessionOperation]) {
        let metrics = try metrics
        let devices = try context.tpuDevicePlacementFunction
        let signatures = metrics.signatures
        let (elements, names) = (signatures.elements, metrics.names)
        for core in 0..<context.numCores {
            tracer.record(.build(.outfeedDequeue(device: devices(core), count: elements.count + further)))
        }
        let host = try context.tpuHostPlacementFunction(coreID: 0)
        for (place, tensor) in elements.enumerated() {
            if context.isInputBroadcast {
                // All cores send the same: core 0's is taken, be it a scalar.
                tracer.record(.build(.identity(after: ["core0/\(place)"])))
                continue
            }
            if tensor.isScalar { throw EstimatorError.outfeedScalar(names[place]) }
            tracer.record(
                .build(
                    .concatenation(
                        name: Self.joinedName(place), axis: 0, device: host,
                        inputs: (0..<context.numCores).map { "core\($0)/\(place)" })))
        }
        let made = try metrics.call(signatures.map { $1.named(Self.joinedName($0)) }, tracer)
        return (
            made.mapValues { MetricOperation(metric: $0, update: placeholder) }, made.values.map(\.updateOperation)
        )
    }
}

/// One metric of an evaluation (TensorFlow: the pair of value and update that `eval_metric_ops` has for each name).
package struct MetricOperation: Sendable {
    /// The metric.
    package let metric: Metric
    /// What the run that evaluates fetches: the metric's own update, or on the TPU a placeholder for it.
    package let update: SessionOperation

    /// A metric and its update.
    package init(metric: Metric, update: SessionOperation) {
        self.metric = metric
        self.update = update
    }
}

extension Metric {
    /// Gives the metric's value so far.
    package var valueOperation: SessionOperation { SessionOperation("value:\(name)") }
    /// Takes one step's tensors into the metric.
    package var updateOperation: SessionOperation { SessionOperation("update:\(name)") }
}
