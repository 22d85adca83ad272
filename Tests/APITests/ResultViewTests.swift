import API
import Formats
import OrderedCollections
import Testing

@Suite struct ResultViewTests {
    @Test func itsMetricsAreTheEvaluationsInItsOrder() {
        let view = ResultView(globalStep: 5, evaluation: ["loss": 0.5, "global_step": 5, "accuracy": nil])
        #expect(view.metrics.map(\.name) == ["loss", "accuracy"])
        #expect(view.metrics.map(\.value) == [0.5, nil])
        #expect(ResultView(globalStep: 5).metrics.isEmpty)
        #expect(ResultView(globalStep: 5, evaluation: [1]).metrics.isEmpty)
    }
}
