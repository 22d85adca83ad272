import Estimator
import OrderedCollections
import Testing

@Suite struct ResultsTests {
    private func result(loss: Double, rowMeanLoss: Double, _ metrics: OrderedDictionary<String, Double>)
        -> EvaluationResult
    {
        EvaluationResult(globalStep: 7, loss: loss, rowMeanLoss: rowMeanLoss, metrics: metrics, rows: 10, steps: 2)
    }

    /// A job reports the mean over the rows as its loss, before the metrics in their order.
    @Test func reportedNumbers() {
        let reported = result(loss: 1, rowMeanLoss: 2, ["b": 3, "a": 4]).reported
        #expect(reported.step == 7)
        #expect(Array(reported.values.keys) == ["loss", "b", "a"])
        #expect(Array(reported.values.values) == [2, 3, 4])
    }

    /// What JSON has no number for is reported as null, not left out.
    @Test(arguments: [Double.nan, .infinity, -.infinity]) func numbersThatAreNotFinite(value: Double) {
        let reported = result(loss: 0, rowMeanLoss: value, ["a": value, "b": 1]).reported
        #expect(Array(reported.values.keys) == ["loss", "a", "b"])
        #expect(Array(reported.values.values) == [nil, nil, 1])
    }
}
