package import HTTP
import DequeModule
import HeapModule
package import Reactor

/// The checks that wait for a process: a queue for each client, and the clients take turns.
///
/// Round-robin fair queueing (Nagle, "On packet switches with infinite storage", RFC 970): a client that begins to wait comes
/// last in the round, so that before its first check each other client has one at most. Within one client the order is that of
/// asking.
package struct CheckQueue {
    private struct Entry {
        var client: ClientKey
        var bytes: Int
        var deadline: MonotonicInstant
    }

    private struct Deadline: Comparable {
        var moment: MonotonicInstant
        var check: Int

        static func < (one: Deadline, other: Deadline) -> Bool {
            (one.moment, one.check) < (other.moment, other.check)
        }
    }

    /// The checks of one client.
    private struct Line {
        var checks: Deque<Int> = []
        var bytes = 0

        mutating func remove(_ check: Int, bytes: Int) {
            guard let index = checks.firstIndex(of: check) else { return }
            checks.remove(at: index)
            self.bytes -= bytes
        }
    }

    private var entries: [Int: Entry] = [:]
    /// Those of each client that has any.
    private var lines: [ClientKey: Line] = [:]
    /// The clients that have any, the one whose turn it is first.
    private var round: Deque<ClientKey> = []
    /// The first is of a check that waits. Behind it may be others' that have left.
    private var deadlines = Heap<Deadline>()
    /// Bytes of the specifications that wait.
    package private(set) var bytes = 0

    /// None waits.
    package init() {}

    /// How many wait.
    package var count: Int { entries.count }
    /// How many clients they are of.
    package var clients: Int { round.count }
    /// The earliest moment up to which one of them may wait; nil when none does.
    package var deadline: MonotonicInstant? { deadlines.min?.moment }

    /// What waits of a client.
    package func held(by client: ClientKey) -> (checks: Int, bytes: Int) {
        lines[client].map { ($0.checks.count, $0.bytes) } ?? (0, 0)
    }

    /// A check begins to wait.
    /// - Parameters:
    ///   - check: A number that none has which waits.
    ///   - deadline: How long it may.
    package mutating func append(_ check: Int, of client: ClientKey, bytes: Int, until deadline: MonotonicInstant) {
        if lines[client] == nil { round.append(client) }
        lines[client, default: Line()].checks.append(check)
        lines[client, default: Line()].bytes += bytes
        entries[check] = Entry(client: client, bytes: bytes, deadline: deadline)
        self.bytes += bytes
        deadlines.insert(Deadline(moment: deadline, check: check))
    }

    /// Takes the next one out: the first of the client whose turn it is, which comes last from now on. Nil when none waits.
    package mutating func next() -> Int? {
        guard let client = round.first, let check = lines[client]?.checks.first else { return nil }
        remove(check)
        if lines[client] != nil { round.append(round.removeFirst()) }
        return check
    }

    /// Takes one out; whether it waited.
    @discardableResult
    package mutating func remove(_ check: Int) -> Bool {
        guard let entry = entries.removeValue(forKey: check) else { return false }
        bytes -= entry.bytes
        lines[entry.client]?.remove(check, bytes: entry.bytes)
        if lines[entry.client]?.checks.isEmpty == true {
            lines[entry.client] = nil
            round.removeAll { $0 == entry.client }
        }
        forgetDeadlines()
        return true
    }

    /// Takes out those that have waited for as long as they may, in that order.
    package mutating func expired(at now: MonotonicInstant) -> [Int] {
        var checks: [Int] = []
        while let first = deadlines.min, first.moment <= now {
            remove(first.check)
            checks.append(first.check)
        }
        return checks
    }

    /// Takes all out, in the order of asking.
    package mutating func removeAll() -> [Int] {
        defer { self = CheckQueue() }
        return entries.keys.sorted()
    }

    /// Drops those at the top whose checks have left, and all such when they are most of them.
    private mutating func forgetDeadlines() {
        while let first = deadlines.min, entries[first.check] == nil { deadlines.removeMin() }
        guard deadlines.count > 2 * entries.count + 16 else { return }
        deadlines = Heap(entries.map { Deadline(moment: $1.deadline, check: $0) })
    }
}
