import Dispatch
import Glibc
import Reactor
import ReactorSupport
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct ThreadPoolTests {
    private struct Fault: Error {}

    @Test func workRunsElsewhereAndItsResultComesBack() async throws {
        let pool = try ThreadPool(threads: 2, name: "test pool")
        let sums = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<500 { group.addTask { try await pool.run { number } } }
            return try await group.reduce(0, +)
        }
        #expect(sums == 499 * 500 / 2)
        await #expect(throws: Fault.self) { try await pool.run { throw Fault() } }
    }

    @Test func cancelledWorkIsNeverBegunAndBegunWorkIsDone() async throws {
        let clock = ManualClock()
        let pool = try ThreadPool(threads: 1, name: "test pool", clock: clock)
        let gate = DispatchSemaphore(value: 0)
        let begun = AsyncStream<Void>.makeStream()
        let first = Task {
            try await pool.run {
                begun.continuation.yield()
                gate.wait()
                return 1
            }
        }
        for await _ in begun.stream { break }
        let ran = Atomic(false)
        let second = Task { try await pool.run { ran.store(true, ordering: .relaxed) } }
        while pool.waiting == nil { await Task.yield() }
        clock.advance(by: .seconds(3))
        #expect(pool.waiting == .seconds(3))
        first.cancel()
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        gate.signal()
        #expect(try await first.value == 1)
        #expect(try await pool.run { 2 } == 2)
        let hasRun = ran.load(ordering: .relaxed)
        #expect(!hasRun)
        #expect(pool.waiting == nil)
        #expect(pool.delays.longest == .seconds(3))
    }

    @Test func itsThreadsStepBackBehindTheOthers() async throws {
        @Sendable func niceness() -> Int32 { getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }
        let mine = niceness()
        let pool = try ThreadPool(threads: 1, name: "test", niceness: 5)
        #expect(try await pool.run { niceness() } == max(5, mine))
        // It never comes forward again.
        #expect(
            try await pool.run {
                ThreadPool.stepBack(3)
                return niceness()
            } == max(5, mine))
    }

    @Test func aCancelledTaskDoesNotEvenAsk() async throws {
        let pool = try ThreadPool(threads: 1, name: "test pool")
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await pool.run { 1 }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
