import Estimator
import Graph
import Testing

@Suite struct UpdateCountTests {
    /// Adam's corrections go by the updates, of which three steps make one.
    @Test func countsUpdates() throws {
        let run = try OptimizerRun(
            AccumulatingOptimizer(KerasAdam(learningRate: 0.1, beta1: 0.5, epsilon: 0), steps: 2))
        // The first update is that of the mean of two gradients, and as long as the rate whatever the gradient.
        #expect(abs(run.values[1][0] - 0.9) < 1e-5)
        #expect(run.values[0] == OptimizerRun.initial)
    }

    @Test func isTheNumberOfStepsElsewhere() {
        let builder = GraphBuilder()
        #expect(UpdateCount.value(in: builder).id == GlobalStep.value(in: builder).id)
    }
}
