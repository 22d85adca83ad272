import Reactor
import Testing
import TestSupport

@Suite struct TimerQueueTests {
    private func at(_ nanoseconds: UInt64) -> MonotonicInstant { MonotonicInstant(nanoseconds: nanoseconds) }

    @Test func earliestComesFirstAndEqualOnesInOrder() {
        var queue = TimerQueue<String>()
        _ = queue.insert(at(20), "late")
        _ = queue.insert(at(10), "first")
        _ = queue.insert(at(10), "second")
        let next = queue.next()
        let popped = [9, 10, 10, 10, 99].map { queue.popDue(at($0)) }
        let after = queue.next()
        #expect(next == at(10))
        #expect(popped == [nil, "first", "second", nil, "late"])
        #expect(after == nil)
    }

    @Test func cancelledNeverComesUp() {
        var queue = TimerQueue<Int>()
        let token = queue.insert(at(1), 1)
        _ = queue.insert(at(2), 2)
        let cancelled = [queue.cancel(token), queue.cancel(token)]
        let next = queue.next()
        let popped = queue.popDue(at(5))
        #expect(cancelled == [true, false])
        #expect(next == at(2))
        #expect(popped == 2)
        #expect(queue.count == 0)
    }

    @Test func tokenOfAPastDeadlineDoesNotCancelItsSuccessor() {
        var queue = TimerQueue<Int>()
        let old = queue.insert(at(1), 1)
        let first = queue.popDue(at(1))
        _ = queue.insert(at(1), 2)
        let cancelled = queue.cancel(old)
        let second = queue.popDue(at(1))
        #expect(first == 1)
        #expect(!cancelled)
        #expect(second == 2)
    }

    @Test(arguments: [1, 2, 3, 0xfeed] as [UInt64])
    func agreesWithASortedList(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var queue = TimerQueue<Int>()
        var model: [(deadline: UInt64, order: Int, token: TimerToken)] = []
        var now: UInt64 = 0
        for step in 0..<4_000 {
            switch Int.random(in: 0..<5, using: &random) {
            case 0, 1, 2:
                let deadline = now + UInt64.random(in: 0..<50, using: &random)
                model.append((deadline, step, queue.insert(at(deadline), step)))
            case 3:
                guard let index = model.indices.randomElement(using: &random) else { continue }
                let cancelled = queue.cancel(model.remove(at: index).token)
                #expect(cancelled, "seed \(seed), step \(step)")
            default:
                now += UInt64.random(in: 0..<20, using: &random)
                let due = model.filter { $0.deadline <= now }
                    .sorted { ($0.deadline, $0.order) < ($1.deadline, $1.order) }.map(\.order)
                model.removeAll { $0.deadline <= now }
                var popped: [Int] = []
                while let action = queue.popDue(at(now)) { popped.append(action) }
                #expect(popped == due, "seed \(seed), step \(step)")
            }
            #expect(queue.count == model.count, "seed \(seed), step \(step)")
        }
    }
}

@Suite struct MonotonicInstantTests {
    @Test func addingSaturatesAndIgnoresNegativeDurations() {
        let instant = MonotonicInstant(nanoseconds: 5)
        #expect((instant + .nanoseconds(7)).nanoseconds == 12)
        #expect((instant + .seconds(-1)) == instant)
        #expect((instant + .seconds(Int64.max)) == .distantFuture)
        #expect((MonotonicInstant.distantFuture + .nanoseconds(1)) == .distantFuture)
        #expect(instant.since(MonotonicInstant(nanoseconds: 2)) == .nanoseconds(3))
        #expect(instant.since(MonotonicInstant(nanoseconds: 9)) == .zero)
    }
}
