import Executor
import Testing

struct ConditionTests {
    struct Refusal: Error {}

    @Test func wakesWhoWaits() throws {
        let condition = Condition(0)
        let waiter = Thread { condition.wait { $0 == 3 ? "three" : nil } }
        for _ in 0..<3 { condition.update { $0 += 1 } }
        #expect(try waiter.join() == "three")
    }

    @Test func countsAcrossThreads() throws {
        let condition = Condition(0)
        let threads = (0..<4).map { _ in
            Thread { for _ in 0..<1000 { condition.withLock { $0 += 1 } } }
        }
        for thread in threads { try thread.join() }
        #expect(condition.withLock(\.self) == 4000)
    }

    @Test func givesUp() {
        let condition = Condition(0)
        #expect(condition.wait(atMost: 0) { _ in Optional<Int>.none } == nil)
        #expect(condition.wait(atMost: 0.001) { _ in Optional<Int>.none } == nil)
        #expect(condition.wait(atMost: 0) { $0 } == 0, "what holds already is found")
        #expect(condition.wait(atMost: -5) { _ in Optional<Int>.none } == nil)
    }

    @Test func throwsOnAndUnlocks() {
        let condition = Condition(0)
        #expect(throws: Refusal.self) { try condition.update { _ throws in throw Refusal() } }
        #expect(throws: Refusal.self) {
            try condition.wait { (_: inout Int) throws -> Int? in throw Refusal() }
        }
        #expect(condition.withLock(\.self) == 0)
    }
}
