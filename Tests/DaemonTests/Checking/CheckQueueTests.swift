import Daemon
import HTTP
import Reactor
import TestSupport
import Testing

@Suite struct CheckQueueTests {
    private static func at(_ seconds: Int) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: 0) + .seconds(Double(seconds))
    }

    /// Checks are numbered in the order of asking, from 0; each number here is the client of one.
    private static let rounds: [(clients: [UInt32], order: [Int], reason: String)] = [
        ([], [], "none waits"),
        ([1, 1, 1], [0, 1, 2], "one client's are in order"),
        ([1, 2, 3], [0, 1, 2], "clients with one each are in order"),
        ([1, 1, 1, 2, 3], [0, 3, 4, 1, 2], "who asks for one waits for one of each other client"),
        ([1, 2, 1, 2, 1, 1], [0, 1, 2, 3, 4, 5], "two take turns, and the rest is the one's that has it"),
        ([3, 3, 2, 2, 1, 1], [0, 2, 4, 1, 3, 5], "the round begins with who asked first"),
    ]

    @Test(arguments: rounds.indices) func clientsTakeTurns(_ index: Int) {
        let (clients, order, reason) = Self.rounds[index]
        var queue = CheckQueue()
        for (check, client) in clients.enumerated() {
            queue.append(check, of: .user(client), bytes: 1, until: Self.at(check))
        }
        #expect(queue.count == clients.count && queue.clients == Set(clients).count)
        var taken: [Int] = []
        while let check = queue.next() { taken.append(check) }
        #expect(taken == order, "\(reason)")
        #expect(queue.count == 0 && queue.bytes == 0 && queue.clients == 0 && queue.deadline == nil)
    }

    @Test func whoHasHadItsTurnComesBehindWhoCameMeanwhile() {
        var queue = CheckQueue()
        for check in 0..<3 { queue.append(check, of: .user(1), bytes: 1, until: Self.at(9)) }
        #expect(queue.next() == 0)
        queue.append(3, of: .user(2), bytes: 1, until: Self.at(9))
        // Its turn had come before the other began to wait.
        #expect(queue.next() == 1)
        #expect(queue.next() == 3)
        queue.append(4, of: .user(2), bytes: 1, until: Self.at(9))
        #expect(queue.next() == 2)
        #expect(queue.next() == 4)
    }

    @Test func thoseThatLeaveAreForgotten() {
        var queue = CheckQueue()
        for check in 0..<4 {
            queue.append(check, of: .user(UInt32(check % 2)), bytes: 10 + check, until: Self.at(9 - check))
        }
        #expect(queue.deadline == Self.at(6))
        #expect([3, 3, 7].map { queue.remove($0) } == [true, false, false])
        #expect(queue.deadline == Self.at(7) && queue.bytes == 33 && queue.held(by: .user(1)) == (1, 11))
        #expect(queue.remove(1) == true)
        #expect(queue.clients == 1 && queue.held(by: .user(1)) == (0, 0))
        #expect(queue.expired(at: Self.at(8)) == [2])
        #expect(queue.expired(at: Self.at(8)) == [])
        queue.append(4, of: .user(1), bytes: 1, until: Self.at(20))
        #expect(queue.removeAll() == [0, 4])
        #expect(queue.count == 0 && queue.bytes == 0 && queue.deadline == nil && queue.next() == nil)
    }

    /// Whatever comes and leaves in whatever order: between two turns of a client that waits, and before its first, no other
    /// client has two; one client's are in order; counts, bytes and the deadline are those of what waits.
    @Test func nobodyIsPassedOverTwice() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        var queue = CheckQueue()
        var waiting: [Int: (client: UInt32, bytes: Int, deadline: Int)] = [:]
        /// Who has had a turn since a client that waits had its last one, or began to wait.
        var since: [UInt32: Set<UInt32>] = [:]
        var (last, now) = (0, 0)
        func left(_ check: Int) {
            guard let client = waiting.removeValue(forKey: check)?.client else { return }
            if !waiting.values.contains(where: { $0.client == client }) { since[client] = nil }
        }
        for step in 0..<20_000 {
            let context: Comment = "step \(step), seed \(seed)"
            switch random.below(20) {
            case 0..<9:
                last += 1
                let new = (client: UInt32(random.below(6)), bytes: random.below(50), deadline: now + random.below(90))
                if since[new.client] == nil { since[new.client] = [] }
                waiting[last] = new
                queue.append(last, of: .user(new.client), bytes: new.bytes, until: Self.at(new.deadline))
            case 9..<16:
                guard let check = queue.next() else {
                    try #require(waiting.isEmpty, context)
                    continue
                }
                let client = try #require(waiting[check]?.client, context)
                #expect(waiting.filter { $0.value.client == client }.keys.min() == check, context)
                for other in since.keys where other != client {
                    let isFirst = since[other]?.insert(client).inserted
                    #expect(isFirst == true, context)
                }
                since[client] = []
                left(check)
            case 16..<19:
                let check = last - random.below(12)
                #expect(queue.remove(check) == (waiting[check] != nil), context)
                left(check)
            default:
                now += random.below(40)
                let due = waiting.filter { $0.value.deadline <= now }
                let expired = queue.expired(at: Self.at(now))
                #expect(expired.count == due.count && Set(expired) == Set(due.keys), context)
                #expect(expired.map { due[$0]?.deadline ?? 0 } == due.values.map(\.deadline).sorted(), context)
                for check in expired { left(check) }
            }
            try #require(queue.count == waiting.count && queue.clients == since.count, context)
            try #require(queue.bytes == waiting.values.reduce(0) { $0 + $1.bytes }, context)
            try #require(queue.deadline == waiting.values.map(\.deadline).min().map(Self.at), context)
            let client = UInt32(random.below(6))
            let own = waiting.values.filter { $0.client == client }
            #expect(queue.held(by: .user(client)) == (own.count, own.reduce(0) { $0 + $1.bytes }), context)
        }
        #expect(queue.removeAll() == waiting.keys.sorted(), "seed \(seed)")
    }
}
