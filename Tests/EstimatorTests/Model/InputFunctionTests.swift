import Estimator
import Graph
import Testing

@Suite struct InputFunctionTests {
    private struct Least: InputFunction {
        var features: TypeStructure { .single(.scalar(.float32)) }
        var labels: TypeStructure? { nil }
        func makeIterator(_ request: InputRequest) throws -> any InputIterator { throw TestFailure("none") }
    }

    /// What an input function need not say.
    @Test func defaults() {
        let input = Least()
        #expect(input.ownBatchSize == 128 && !input.dropsRemainder)
        #expect(input.recordCount == nil && input.stepsAhead == nil)
    }
}
