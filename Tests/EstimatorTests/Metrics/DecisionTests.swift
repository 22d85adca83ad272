import Estimator
import Executor
import Formats
import Graph
import Testing

@Suite struct DecisionTests {
    /// What is there and what is found, as 0 and 1.
    private func run(
        _ decision: Decision, labels: [Double], _ scores: [Double], shape: Shape, dtype: DType = .float32
    ) throws -> (isThere: [Double], isFound: [Double]) {
        let builder = GraphBuilder()
        let made = decision(
            labels: builder.constant(labels, shape: shape),
            predictions: builder.constant(scores, shape: shape, dtype: dtype))
        let executor = try ReferenceExecutor(
            program: try builder.finish(outfeed: [("y", made.isThere), ("p", made.isFound)]),
            options: ExecutorOptions(replicas: 1, infeedCapacity: 1))
        _ = try executor.run(iterations: 1)
        let tensors = try #require(try executor.outfeed?.dequeue())
        let numbers = tensors.map { Literal(type: $0.type, bytes: $0.bytes).doubles }
        return (numbers[0], numbers[1])
    }

    /// A bound does not count itself.
    @Test(
        arguments: [
            (Decision(), [1, 1, 0, 1]), (Decision(above: 0.5), [0, 1, 0, 0]), (Decision(above: 0), [1, 1, 0, 0]),
            (Decision(top: 1), [0, 1, 0, 0]), (Decision(top: 2), [1, 1, 0, 0]), (Decision(top: 9), [1, 1, 1, 1]),
            (Decision(above: 0.5, top: 2), [0, 1, 0, 0]),
        ] as [(Decision, [Double])])
    func found(decision: Decision, expected: [Double]) throws {
        let made = try run(decision, labels: [0, 1, -2, 0], [0.5, 0.75, 0, -1], shape: [1, 4])
        #expect(made.isFound == expected)
        #expect(made.isThere == [0, 1, 1, 0])
    }

    /// Of equal scores the first is taken.
    @Test func tiesGoToTheFirst() throws {
        let made = try run(Decision(top: 2), labels: [0, 0, 0, 0, 0, 0], [3, 1, 3, 2, 2, 2], shape: [2, 3])
        #expect(made.isFound == [1, 0, 1, 1, 1, 0])
    }

    /// Whole numbers are taken as they are, and a class is looked at alone, after the largest have been found among all.
    @Test func classesAndWholeNumbers() throws {
        #expect(
            try run(Decision(above: 1), labels: [0, 1], [1, 2], shape: [2, 1], dtype: .int32).isFound == [0, 1])
        let made = try run(
            Decision(top: 1, classNumber: 1), labels: [0, 1, 1, 0], [0.1, 0.2, 0.4, 0.3], shape: [2, 2])
        #expect(made.isFound == [1, 0])
        #expect(made.isThere == [1, 0])
    }
}
