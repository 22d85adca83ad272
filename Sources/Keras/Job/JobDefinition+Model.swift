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
            // Of a batch that is filled up.
            let valid = mode == .evaluate && evaluation?.input.isPadded == true ? given.last : nil
            let arrangement = arrangement(mode)
            var measures = OutputMetrics()
            var total: Tensor?
            for (index, output) in outputs.enumerated() {
                guard let place = arrangement?.label(of: output.name), given.indices.contains(place) else { continue }
                let (y, predictions) = (given[place], result.outputs[index])
                let mask = result.masks[index]
                let ofRow = arrangement?.weight(of: output.name).flatMap {
                    given.indices.contains($0) ? given[$0] : nil
                }
                if let loss = output.loss {
                    let ofClass = mode == .train ? training?.classWeights?(y, predictions: predictions) : nil
                    let value = try loss(
                        labels: y, predictions: predictions, weights: [ofClass, ofRow].compactMap(\.self), mask: mask,
                        valid: valid)
                    let weighted = output.weight == 1 ? value : value * output.weight
                    total = total.map { $0 + weighted } ?? weighted
                    if output.isOneOfSeveral { measures.add(value, of: output, rows: predictions.shape[0]) }
                }
                if !output.metrics.isEmpty {
                    measures.tensors[output.labelsName] = y
                    measures.tensors[output.predictionsName] = predictions
                    for measure in output.metrics {
                        measures.add(measure, of: output, mask: mask, weights: measure.isWeighted ? ofRow : nil)
                    }
                }
            }
            guard let total else { return spec }
            if valid != nil, graph.penalizesActivity {
                throw TrainingError.modelFailed(
                    detail:
                        "activity regularizers are of a whole batch, of which no row can be left out: set drop_remainder to "
                        + "true, or leave eval_batch_size out to evaluate on the CPU")
            }
            let loss = graph.penalized(total)
            spec.loss = loss
            if mode == .evaluate {
                spec.evalMetrics = EvalMetrics(tensors: measures.tensors, metrics: measures.metrics)
            }
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

/// The metrics of all outputs and the tensors that they read.
private struct OutputMetrics {
    var tensors: OrderedDictionary<String, Tensor> = [:]
    var metrics: [Metric] = []

    /// Adds a metric of an output, of which what its mask leaves out does not count and rows count by their weights.
    mutating func add(
        _ measure: OutputDefinition.Measure, of output: OutputDefinition, mask: Tensor?, weights: Tensor?
    ) {
        let mask = measure.heedsMasks ? mask : nil
        switch (mask, weights) {
        case (nil, nil): metrics.append(measure.metric)
        case (let mask?, nil):
            tensors[output.maskName] = mask
            metrics.append(measure.metric.weighted(by: output.maskName))
        case (nil, let weights?):
            let name = output.weightsName(isMasked: false)
            tensors[name] = weights
            metrics.append(measure.metric.weighted(by: name))
        case (let mask?, let weights?):
            let name = output.weightsName(isMasked: true)
            let missing = [Int](repeating: 1, count: max(0, mask.rank - weights.rank))
            let spread = weights.reshape(to: weights.shape.dimensions + missing).cast(to: .float32)
            tensors[name] = mask.cast(to: .float32) * spread
            metrics.append(measure.metric.weighted(by: name))
        }
    }

    /// Adds an output's loss as a number of its own, weighted by the rows.
    mutating func add(_ loss: Tensor, of output: OutputDefinition, rows: Int) {
        tensors[output.lossName] = loss.broadcast(to: Shape([rows]))
        metrics.append(.mean(output.lossName, name: "\(output.name)_loss"))
    }
}
