package import Estimator
import Formats
import Graph
import OrderedCollections

extension JobDefinition {
    /// Builds one core's computation from the model, the losses, the optimizer and the metrics.
    package var modelFunction: ModelFunction {
        { [self] features, labels, mode, _, builder in
            let (result, graph) = try model.build(
                features.elements, in: builder, isTraining: mode == .train, seed: config.randomSeed)
            var spec = TPUEstimatorSpec(mode: mode)
            for (output, tensor) in zip(outputs, result.outputs) { spec.predictions[output.predictionsName] = tensor }
            guard mode != .predict else { return spec }
            let given = labels?.elements ?? []
            let arrangement = arrangement(mode)
            var evaluation = EvalMetrics(tensors: [:], metrics: [])
            var total: Tensor?
            for (index, output) in outputs.enumerated() {
                guard let place = arrangement?.label(of: output.name), given.indices.contains(place) else { continue }
                let (y, predictions) = (given[place], result.outputs[index])
                let mask = result.masks[index]
                if let loss = output.loss {
                    let ofClass = mode == .train ? training?.classWeights?(y, predictions: predictions) : nil
                    let ofRow = arrangement?.weight(of: output.name).flatMap {
                        given.indices.contains($0) ? given[$0] : nil
                    }
                    let value = loss(
                        labels: y, predictions: predictions, weights: [ofClass, ofRow].compactMap(\.self), mask: mask)
                    let weighted = output.weight == 1 ? value : value * output.weight
                    total = total.map { $0 + weighted } ?? weighted
                    if output.isOneOfSeveral { evaluation.add(value, of: output, rows: predictions.shape[0]) }
                }
                if !output.metrics.isEmpty {
                    evaluation.tensors[output.labelsName] = y
                    evaluation.tensors[output.predictionsName] = predictions
                    let isMasked = mask != nil && output.metrics.contains(where: \.heedsMasks)
                    if isMasked { evaluation.tensors[output.maskName] = mask }
                    evaluation.metrics += output.metrics.map {
                        isMasked && $0.heedsMasks ? $0.metric.weighted(by: output.maskName) : $0.metric
                    }
                }
            }
            guard let total else { return spec }
            let loss = graph.penalized(total)
            spec.loss = loss
            if mode == .evaluate { spec.evalMetrics = evaluation }
            if mode == .train, let optimizer {
                let used: any Optimizer = useTPU ? CrossShardOptimizer(optimizer, reduction: reduction) : optimizer
                spec.trainOp = try used.minimize(loss)
            }
            return spec
        }
    }

    /// Which arrays a program of this mode gets.
    private func arrangement(_ mode: ModeKeys) -> InputArrangement? {
        let inputs = [training?.input, evaluation?.input].compactMap(\.self)
        return (mode == .train ? inputs.first : inputs.last)?.arrangement
    }
}

extension EvalMetrics {
    /// Adds an output's loss as a number of its own, weighted by the rows.
    fileprivate mutating func add(_ loss: Tensor, of output: OutputDefinition, rows: Int) {
        tensors[output.lossName] = loss.broadcast(to: Shape([rows]))
        metrics.append(.mean(output.lossName, name: "\(output.name)_loss"))
    }
}
