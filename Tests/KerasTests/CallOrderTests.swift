import Keras
import Testing

@Suite struct CallOrderTests {
    @Test func eachComesBehindWhatItNeeds() {
        #expect(CallOrder.of([[2], [0], []], for: [1]) == .order([2, 0, 1]))
        #expect(CallOrder.of([[], [0], [0], [1, 2]], for: [3]) == .order([0, 1, 2, 3]))
        // The same result taken twice.
        #expect(CallOrder.of([[], [0, 0]], for: [1]) == .order([0, 1]))
        #expect(CallOrder.of([], for: []) == .order([]))
    }

    @Test func whatNobodyWantsIsLeftOut() {
        #expect(CallOrder.of([[], [0], [0]], for: [1]) == .order([0, 1]))
        // A cycle that no output needs does not matter.
        #expect(CallOrder.of([[], [2], [1]], for: [0]) == .order([0]))
    }

    @Test func aCycleIsTold() {
        #expect(CallOrder.of([[0]], for: [0]) == .cycle([0]))
        // 3 needs the cycle, and is not part of it.
        #expect(CallOrder.of([[2], [0], [1], [2]], for: [3]) == .cycle([0, 2, 1]))
    }

    @Test func manyCallsInARow() {
        let count = 100_000
        let needs = (0..<count).map { $0 == 0 ? [] : [$0 - 1] }
        #expect(CallOrder.of(needs, for: [count - 1]) == .order(Array(0..<count)))
        let backwards = (0..<count).map { $0 == count - 1 ? [] : [$0 + 1] }
        #expect(CallOrder.of(backwards, for: [0]) == .order(Array((0..<count).reversed())))
        let round = (0..<count).map { [($0 + 1) % count] }
        #expect(CallOrder.of(round, for: [0]) == .cycle(Array(0..<count)))
    }
}
