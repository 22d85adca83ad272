import Graph
import OrderedCollections

extension EvalMetrics {
    /// The same metrics over what leaves the device: where a metric makes its tensors smaller there (``Metric/onDevice``), what
    /// it makes of them, in place of tensors that no other metric reads as they are.
    ///
    /// - Throws: ``TrainingError/modelFailed(detail:)`` with the metric's name where its tensors don't go together.
    func ofOutfeed() throws(TrainingError) -> EvalMetrics {
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
        return EvalMetrics(tensors: kept.merging(made) { first, _ in first }, metrics: reading)
    }
}
