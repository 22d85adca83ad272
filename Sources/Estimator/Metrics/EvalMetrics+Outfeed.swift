import Graph
import OrderedCollections

/// Metrics and the tensors that leave the device for them, by the names that the metrics read.
struct OutfeedMetrics {
    /// The tensors.
    var tensors: OrderedDictionary<String, Tensor>
    /// The metrics.
    var metrics: [Metric]

    /// The same where a metric makes its tensors smaller on the device (``Metric/onDevice``): what it makes of them, in place of
    /// tensors that no other metric reads as they are.
    ///
    /// - Throws: ``TrainingError/modelFailed(detail:)`` with the metric's name where its tensors don't go together.
    func madeSmaller() throws(TrainingError) -> OutfeedMetrics {
        var made: OrderedDictionary<String, Tensor> = [:]
        var whole: Set<String> = []
        var spent: Set<String> = []
        var reading: [Metric] = []
        for (index, metric) in metrics.enumerated() {
            let inputs = metric.inputs.compactMap { tensors[$0] }
            // A tensor that is not there is told of when the metric is to read it.
            guard let onDevice = metric.onDevice, let builder = inputs.first?.builder,
                inputs.count == metric.inputs.count
            else {
                whole.formUnion(metric.inputs)
                reading.append(metric)
                continue
            }
            spent.formUnion(metric.inputs)
            let hadFault = builder.error != nil
            let smaller = onDevice(inputs)
            if !hadFault, let fault = builder.error {
                throw .modelFailed(detail: "metric \(metric.name): \(fault)")
            }
            let names = smaller.indices.map { "/metric/\(index)/\($0)" }
            for (name, tensor) in zip(names, smaller) { made[name] = tensor }
            reading.append(metric.reading(names))
        }
        let kept = tensors.filter { whole.contains($0.key) || !spent.contains($0.key) }
        return OutfeedMetrics(tensors: kept.merging(made) { first, _ in first }, metrics: reading)
    }
}

extension EvaluationMetrics where Element == Tensor {
    /// The metrics for evaluation on the CPU, and the tensors that they read under their own names.
    ///
    /// - Throws: what the metric function throws.
    package func onHost(tracer: EventTracer) throws -> EvalMetricOperations {
        EvalMetricOperations(
            tensors: OrderedDictionary(zip(names, tensors.elements)) { first, _ in first },
            metrics: try metricsForHost(tracer: tracer))
    }
}

extension OutfeedMetrics {
    /// What leaves the program of an evaluation on the CPU.
    init(_ operations: EvalMetricOperations) {
        self.init(tensors: operations.tensors, metrics: Array(operations.metrics.values))
    }
}

extension EvalMetricsRecorder where Element == Tensor {
    /// What leaves each core for these metrics of the outfeed: the tensors under the names by which they reach the host.
    ///
    /// The executor's outfeed hands out what all cores sent in core order, joined along the first axis: the dequeues and the
    /// concatenations of ``metricOperations(placeholder:)`` at once.
    ///
    /// - Throws: `EstimatorError.evalMetricsNotRecorded`.
    func outfeed(of metrics: [Metric]) throws(EstimatorError) -> OutfeedMetrics {
        let named = try outfeedTensors.enumerated().map { (Self.joinedName($0), $1) }
        return OutfeedMetrics(tensors: OrderedDictionary(named) { first, _ in first }, metrics: metrics)
    }
}
