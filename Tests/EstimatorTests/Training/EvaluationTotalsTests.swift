import Estimator
import Graph
import TestSupport
import Testing

@Suite struct EvaluationTotalsTests {
    private func tensor(_ name: String, _ values: [Float]) -> HostTensor {
        HostTensor(
            name: name, type: TensorType(.float32, [values.count]), bytes: values.withUnsafeBytes { [UInt8]($0) })
    }

    /// What a mean's device part makes of one number a row: the number and its weight.
    private func table(_ name: String, _ values: [Float]) -> HostTensor {
        let sums = values.flatMap { (value: Float) -> [Float] in [value, 1] }
        return HostTensor(
            name: name, type: TensorType(.float32, [values.count, 2]), bytes: sums.withUnsafeBytes { [UInt8]($0) })
    }

    /// The sum of one tensor less that of another.
    private struct Difference: MetricAccumulator {
        var value = 0.0

        mutating func update(_ tensors: [HostTensor]) throws {
            value += tensors[0].doubles.reduce(0, +) - tensors[1].doubles.reduce(0, +)
        }
    }

    /// The source's loss is core 0's, a step counting as one; the row mean is over all cores and rows.
    @Test func twoLosses() throws {
        let totals = EvaluationTotals(metrics: [])
        try totals.add([tensor(EvaluationTotals.lossName, [1, 3])], rows: 8)
        try totals.add([tensor(EvaluationTotals.lossName, [4, 6])], rows: 2)
        let result = totals.result(globalStep: 9)
        #expect(result.globalStep == 9 && result.steps == 2 && result.rows == 10)
        #expect(result.loss == 2.5)
        #expect(result.rowMeanLoss == 2.6, "8 rows of 2, 2 rows of 5")
    }

    /// Rows that fill a batch up count nowhere: neither in the loss of their core, nor in a metric.
    @Test func rowsThatFillUp() throws {
        let mean = Metric(name: "sum", inputs: ["x", "y"]) { Difference() }
        let totals = EvaluationTotals(metrics: [mean])
        func add(_ losses: [Float], _ valid: [Float]) throws {
            try totals.add(
                [
                    tensor(EvaluationTotals.lossName, losses), tensor(EvaluationTotals.validName, valid),
                    tensor("x", [1, 2, 4, 8]), tensor("y", [0, 0, 0, 1]),
                ], rows: 4)
        }
        try add([1, 3], [1, 1, 1, 1])
        try add([5, 7], [1, 1, 1, 0])
        try add([9, 0], [1, 0, 0, 0])
        let result = totals.result(globalStep: 0)
        #expect(result.rows == 8 && result.steps == 3 && result.loss == 5)
        #expect(result.rowMeanLoss == 4.25, "rows of 1, 1, 3, 3, 5, 5, 7 and 9")
        #expect(result.metrics["sum"] == 22)
    }

    /// However the rows are cut into steps, their mean is the same.
    @Test func theRowMeanDependsOnRowsAlone() throws {
        let seed: UInt64 = 13
        var random = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            let values = (0..<24).map { _ in Float(random.below(64)) }
            let size = [1, 2, 3, 4, 6, 8, 12, 24][random.below(8)]
            let totals = EvaluationTotals(metrics: [.mean("x")])
            for start in stride(from: 0, to: 24, by: size) {
                let rows = Array(values[start..<(start + size)])
                let mean = rows.reduce(0, +) / Float(size)
                try totals.add([table("x", rows), tensor(EvaluationTotals.lossName, [mean])], rows: size)
            }
            let result = totals.result(globalStep: 0)
            let mean = Double(values.reduce(0, +)) / 24
            #expect(abs(result.rowMeanLoss - mean) < 1e-4, "seed \(seed)")
            #expect(abs(try #require(result.metrics["mean"]) - mean) < 1e-9, "seed \(seed)")
        }
    }

    /// Metrics get the tensors that they name in their own order, and are told in the model function's.
    @Test func metricsReadTheirInputs() throws {
        let totals = EvaluationTotals(metrics: [
            Metric(name: "less", inputs: ["y", "p"]) { Difference() },
            .mean("y", name: "a"), .mean("p", name: "b"),
        ])
        try totals.add([table("p", [1, 2]), table("y", [3, 5]), tensor(EvaluationTotals.lossName, [0])], rows: 2)
        let metrics = totals.result(globalStep: 0).metrics
        #expect(Array(metrics.keys) == ["less", "a", "b"])
        #expect(Array(metrics.values) == [5, 4, 1.5])
    }

    @Test func metricsThatCannotBeMade() {
        let lacking = EvaluationTotals(metrics: [.mean("z")])
        #expect(
            throws: TrainingError.modelFailed(
                detail: "metric mean reads the tensor z, which eval_metrics does not have")
        ) { try lacking.add([tensor("x", [1])], rows: 1) }
        let misfit = EvaluationTotals(metrics: [.meanSquaredError(labels: "y", predictions: "p")])
        let error = #expect(throws: TrainingError.self) {
            try misfit.add([tensor("y", [1]), tensor("p", [1, 2])], rows: 1)
        }
        #expect(error?.description.contains("metric mse") == true)
    }

    /// Without a step there is no number.
    @Test func nothing() {
        let result = EvaluationTotals(metrics: [.mean("x")]).result(globalStep: 4)
        #expect(result.loss.isNaN && result.rowMeanLoss.isNaN && result.steps == 0 && result.rows == 0)
        #expect(result.metrics["mean"] == 0 && result.globalStep == 4)
    }
}
