import Executor
import Graph
import Testing

/// The definition against numbers that are worked out by hand.
struct ReferenceKernelsIndexingTests {
    @Test func gathersAndScatters() throws {
        let table = Reference.value(.int16, [1, 2, 3, 4], [2, 2])
        let places = Reference.value(.uint8, [1, 0, 7], [3])
        #expect(try Reference.evaluate(.gather, [table, places]).wholes == [3, 4, 1, 2, 0, 0])
        let updates = Reference.value(.float64, [1, 2, 3], [3])
        let sums = try Reference.evaluate(.scatterAdd(rows: 2), [Reference.value(.int32, [1, 1, -1], [3]), updates])
        #expect(sums.doubles == [0, 3])
        let wrapped = try Reference.evaluate(
            .scatterAdd(rows: 1), [Reference.value(.int32, [0, 0], [2]), Reference.value(.uint8, [200, 100], [2])])
        #expect(wrapped.wholes == [44])
    }

    @Test func turnsAxesRound() throws {
        let x = Reference.value(.float32, [1, 2, 3, 4, 5, 6], [2, 3])
        #expect(try Reference.evaluate(.reverse(axes: [1]), [x]).doubles == [3, 2, 1, 6, 5, 4])
        #expect(try Reference.evaluate(.reverse(axes: [0, 1]), [x]).doubles == [6, 5, 4, 3, 2, 1])
    }

    @Test func sumsAlongAnAxis() throws {
        let x = Reference.value(.float32, [1, 2, 3, 4, 5, 6], [2, 3])
        #expect(
            try Reference.evaluate(.cumulativeSum(axis: 1, isReversed: false), [x]).doubles == [1, 3, 6, 4, 9, 15])
        #expect(try Reference.evaluate(.cumulativeSum(axis: 0, isReversed: true), [x]).doubles == [5, 7, 9, 4, 5, 6])
    }
}
