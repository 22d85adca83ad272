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

    @Test(arguments: [1, 2, 3, 0xbeef] as [UInt64])
    func sortsWhatIsLeft(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var queue = TimerQueue<Int>()
        // Few different moments, so that the order of equal ones counts.
        let deadlines = (0..<2_000).map { _ in UInt64(random.below(300)) }
        let tokens = deadlines.enumerated().map { queue.insert(at($1), $0) }
        let cancelled = Set((0..<random.below(2_000)).map { _ in random.below(2_000) })
        for index in cancelled { queue.cancel(tokens[index]) }
        let sorted = deadlines.indices.filter { !cancelled.contains($0) }
            .sorted { (deadlines[$0], $0) < (deadlines[$1], $1) }
        var popped: [Int] = []
        while let deadline = queue.next(), let index = queue.popDue(deadline) {
            #expect(deadline == at(deadlines[index]), "seed \(seed)")
            popped.append(index)
        }
        #expect(popped == sorted, "seed \(seed)")
    }

    @Test(arguments: [4, 5, 6] as [UInt64])
    func cancelledDeadlinesDoNotPileUp(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var queue = TimerQueue<Int>()
        var tokens: [TimerToken] = []
        for step in 0..<20_000 {
            // Grows for a while and shrinks for a while, by deadlines that pass and by ones that are cancelled far ahead.
            let grows = step / 2_000 % 2 == 0
            switch random.below(10) {
            case 0..<(grows ? 6 : 2): tokens.append(queue.insert(at(UInt64(random.below(1_000_000))), step))
            case 9:
                if let next = queue.next() { _ = queue.popDue(next) }
            default:
                guard !tokens.isEmpty else { continue }
                queue.cancel(tokens.remove(at: random.below(tokens.count)))
            }
            let limit = max(TimerQueue<Int>.slack, 2 * queue.count)
            guard queue.nodeCount <= limit else {
                Issue.record("seed \(seed), step \(step): \(queue.nodeCount) nodes for \(queue.count) deadlines")
                return
            }
        }
    }
}
