import Executor
import Graph
import OrderedCollections

/// Adds up what the outfeed brings during an evaluation: losses of all cores and every metric.
package final class EvaluationTotals: Sendable {
    private struct State {
        var steps = 0
        var rows = 0
        var lossOfCoreZero = 0.0
        var lossTimesRows = 0.0
        var accumulators: [any MetricAccumulator]
        var failure: (any Error)?

        // No step gives 0/0, as the source does (rule B9).
        var meanLoss: Double { lossOfCoreZero / Double(steps) }
    }

    /// The name of the loss among the outfeed's values.
    package static let lossName = "/loss"

    /// The name, among the outfeed's values, of what says which rows count (``PaddedInput``).
    package static let validName = "/valid"

    /// The name of the loss among an evaluation's numbers as they are reported.
    package static let reportedLossName = "loss"

    private let metrics: [Metric]
    private let state: Condition<State>

    /// Nothing so far.
    package init(metrics: [Metric]) {
        self.metrics = metrics
        state = Condition(State(accumulators: metrics.map { $0.makeAccumulator() }))
    }

    /// Takes one step, without the rows that only fill up its batch.
    ///
    /// - Parameter rows: rows of the step over all cores, those included.
    /// - Throws: ``TrainingError/modelFailed(detail:)`` when a metric can't be made of these tensors.
    package func add(_ outfeed: [HostTensor], rows: Int) throws {
        var tensors: [String: HostTensor] = [:]
        var losses: [Double] = []
        let counting = CountedRows(outfeed)
        let (valid, counted, isWhole) = (counting.valid, counting.counted, counting.isWhole)
        for tensor in outfeed where tensor.name != Self.validName {
            if tensor.name == Self.lossName {
                losses = tensor.doubles
            } else {
                tensors[tensor.name] = counting.of(tensor)
            }
        }
        try state.update { state in
            if let first = losses.first {
                state.lossOfCoreZero += first
                if isWhole {
                    state.lossTimesRows += losses.reduce(0, +) / Double(losses.count) * Double(rows)
                } else {
                    // Each core's loss is the mean over its own rows that count.
                    let rowsOfCore = max(1, valid.count / losses.count)
                    for row in counted { state.lossTimesRows += losses[min(row / rowsOfCore, losses.count - 1)] }
                }
            }
            for index in metrics.indices {
                let inputs = try metrics[index].inputs.map { name throws(TrainingError) -> HostTensor in
                    guard let tensor = tensors[name] else {
                        throw .modelFailed(
                            detail:
                                "metric \(metrics[index].name) reads the tensor \(name), which eval_metrics does not have"
                        )
                    }
                    return tensor
                }
                do {
                    try state.accumulators[index].update(inputs)
                } catch {
                    throw TrainingError.modelFailed(detail: "metric \(metrics[index].name): \(error)")
                }
            }
            // Last, as a step that failed has not been added up.
            state.steps += 1
            state.rows += valid.isEmpty ? rows : counted.count
        }
    }

    /// The mean over the steps so far of core 0's loss.
    var meanLoss: Double { state.withLock(\.meanLoss) }

    /// The same once so many steps have been added up: the outfeed's worker may be behind the device.
    ///
    /// - Throws: what ``fail(_:)`` was told.
    func meanLoss(after steps: Int) throws -> Double {
        let mean: Double? = try state.wait { state in
            if let failure = state.failure { throw failure }
            return state.steps >= steps ? state.meanLoss : nil
        }
        return mean ?? .nan
    }

    /// Waits until so many steps have been added up.
    ///
    /// - Throws: what ``fail(_:)`` was told.
    func settle(at steps: Int) throws {
        _ = try state.wait { state in
            if let failure = state.failure { throw failure }
            return state.steps >= steps ? true : nil
        }
    }

    /// Says that no further step will be added up; the first error counts.
    func fail(_ error: any Error) { state.update { $0.failure = $0.failure ?? error } }

    /// The value so far of the metric that an operation gives; nil: it gives none.
    func value(of operation: SessionOperation) -> Double? {
        guard let place = metrics.firstIndex(where: { $0.valueOperation == operation }) else { return nil }
        return state.withLock { $0.accumulators[place].value }
    }

    /// Whether an operation takes a step's tensors into one of the metrics.
    func isUpdate(_ operation: SessionOperation) -> Bool { metrics.contains { $0.updateOperation == operation } }

    /// The result so far.
    ///
    /// - Parameter name: the evaluation's; nil, the default: it has none.
    package func result(globalStep: Int, name: String? = nil) -> EvaluationResult {
        state.withLock { state in
            var values: OrderedDictionary<String, Double> = [:]
            for (metric, accumulator) in zip(metrics, state.accumulators) { values[metric.name] = accumulator.value }
            return EvaluationResult(
                name: name, globalStep: globalStep, loss: state.meanLoss,
                rowMeanLoss: state.lossTimesRows / Double(state.rows),
                metrics: values, rows: state.rows, steps: state.steps)
        }
    }
}
