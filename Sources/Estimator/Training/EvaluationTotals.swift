import Executor
import Graph
import OrderedCollections
import Synchronization

/// Adds up what the outfeed brings during an evaluation: losses of all cores and every metric.
final class EvaluationTotals: Sendable {
    private struct State {
        var steps = 0
        var rows = 0
        var lossOfCoreZero = 0.0
        var lossTimesRows = 0.0
        var accumulators: [any MetricAccumulator]
    }

    /// The name of the loss among the outfeed's values.
    static let lossName = "/loss"

    private let metrics: [Metric]
    private let state: Mutex<State>

    /// Nothing so far.
    init(metrics: [Metric]) {
        self.metrics = metrics
        state = Mutex(State(accumulators: metrics.map { $0.makeAccumulator() }))
    }

    /// Takes one step.
    ///
    /// - Parameter rows: rows of the step over all cores.
    /// - Throws: ``TrainingError/modelFailed(detail:)`` when a metric can't be made of these tensors.
    func add(_ outfeed: [OutfeedQueue.Tensor], rows: Int) throws {
        var tensors: [String: HostTensor] = [:]
        var losses: [Double] = []
        for tensor in outfeed {
            let host = HostTensor(name: tensor.name, type: tensor.type, bytes: tensor.bytes)
            if tensor.name == Self.lossName { losses = host.doubles } else { tensors[tensor.name] = host }
        }
        try state.withLock { state in
            state.steps += 1
            state.rows += rows
            if let first = losses.first {
                state.lossOfCoreZero += first
                state.lossTimesRows += losses.reduce(0, +) / Double(losses.count) * Double(rows)
            }
            for place in metrics.indices {
                let inputs = try metrics[place].inputs.map { name throws(TrainingError) -> HostTensor in
                    guard let tensor = tensors[name] else {
                        throw .modelFailed(detail: "metric \(metrics[place].name) reads \(name), which is not sent")
                    }
                    return tensor
                }
                do {
                    try state.accumulators[place].update(inputs)
                } catch {
                    throw TrainingError.modelFailed(detail: "metric \(metrics[place].name): \(error)")
                }
            }
        }
    }

    /// The result so far.
    func result(globalStep: Int) -> EvaluationResult {
        state.withLock { state in
            var values: OrderedDictionary<String, Double> = [:]
            for (metric, accumulator) in zip(metrics, state.accumulators) { values[metric.name] = accumulator.value }
            return EvaluationResult(
                globalStep: globalStep,
                // No step gives 0/0, as the source does (rule B9).
                loss: state.lossOfCoreZero / Double(state.steps),
                rowMeanLoss: state.lossTimesRows / Double(state.rows),
                metrics: values, rows: state.rows, steps: state.steps)
        }
    }
}
