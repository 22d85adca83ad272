import Graph
import OrderedCollections

extension EvalMetrics {
    /// The same metrics over what leaves the device: where a metric makes its tensors smaller there (``Metric/onDevice``), what
    /// it makes of them, in place of tensors that no other metric reads as they are.
    func ofOutfeed() -> EvalMetrics {
        var made: OrderedDictionary<String, Tensor> = [:]
        var whole: Set<String> = []
        var spent: Set<String> = []
        let reading = metrics.enumerated().map { index, metric in
            let inputs = metric.inputs.compactMap { tensors[$0] }
            // A tensor that is not there is told of when the metric is to read it.
            guard let onDevice = metric.onDevice, inputs.count == metric.inputs.count else {
                whole.formUnion(metric.inputs)
                return metric
            }
            spent.formUnion(metric.inputs)
            let names = onDevice(inputs).enumerated().map { place, tensor in
                let name = "/metric/\(index)/\(place)"
                made[name] = tensor
                return name
            }
            return metric.reading(names)
        }
        let kept = tensors.filter { whole.contains($0.key) || !spent.contains($0.key) }
        return EvalMetrics(tensors: kept.merging(made) { first, _ in first }, metrics: reading)
    }
}
