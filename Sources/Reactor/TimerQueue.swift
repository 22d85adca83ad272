import HeapModule

/// Names one deadline of a `TimerQueue`, for cancelling it.
package struct TimerToken: Hashable, Sendable {
    let index: UInt32
    let generation: UInt32
}

/// Deadlines with what to do then, earliest first; those with the same deadline in the order in which they came.
///
/// A cancelled deadline leaves its node in the heap, which is skipped when it comes up; when such nodes are most of the
/// heap, it is built anew. So `insert` is O(log n), `cancel` O(1) on average, and the heap holds at most `slack` nodes or
/// twice `count`, whichever is more.
package struct TimerQueue<Action> {
    private struct Node: Comparable {
        let deadline: MonotonicInstant
        /// Differs for every node.
        let order: UInt64
        let token: TimerToken

        static func == (left: Node, right: Node) -> Bool { left.order == right.order }

        static func < (left: Node, right: Node) -> Bool {
            (left.deadline, left.order) < (right.deadline, right.order)
        }
    }

    private struct Entry {
        var generation: UInt32 = 0
        var action: Action?
    }

    private var heap = Heap<Node>()
    private var entries: [Entry] = []
    private var free: [UInt32] = []
    private var order: UInt64 = 0
    /// How many deadlines are waited for.
    package private(set) var count = 0

    /// A heap of so many nodes is never built anew.
    package static var slack: Int { 64 }

    /// How many nodes the heap has: those of `count` deadlines and those that were cancelled.
    package var nodeCount: Int { heap.count }

    /// An empty queue.
    package init() {}

    /// Adds a deadline.
    package mutating func insert(_ deadline: MonotonicInstant, _ action: Action) -> TimerToken {
        let index: UInt32
        if let reused = free.popLast() {
            index = reused
        } else {
            index = UInt32(entries.count)
            entries.append(Entry())
        }
        entries[Int(index)].action = action
        let token = TimerToken(index: index, generation: entries[Int(index)].generation)
        order += 1
        heap.insert(Node(deadline: deadline, order: order, token: token))
        count += 1
        dropCancelled()
        return token
    }

    /// Takes a deadline back; false when it came up or was cancelled before.
    @discardableResult
    package mutating func cancel(_ token: TimerToken) -> Bool { release(token) != nil }

    /// The earliest deadline, if there is one.
    package mutating func next() -> MonotonicInstant? {
        while let first = heap.min {
            if isLive(first.token) { return first.deadline }
            heap.removeMin()
        }
        return nil
    }

    /// Takes out the earliest deadline that is not after `now`.
    package mutating func popDue(_ now: MonotonicInstant) -> Action? {
        guard let deadline = next(), deadline <= now else { return nil }
        return release(heap.removeMin().token)
    }

    private func isLive(_ token: TimerToken) -> Bool {
        let entry = entries[Int(token.index)]
        return entry.generation == token.generation && entry.action != nil
    }

    private mutating func release(_ token: TimerToken) -> Action? {
        guard Int(token.index) < entries.count, isLive(token) else { return nil }
        let action = entries[Int(token.index)].action
        entries[Int(token.index)].action = nil
        entries[Int(token.index)].generation &+= 1
        free.append(token.index)
        count -= 1
        dropCancelled()
        return action
    }

    /// Builds the heap anew once most of it was cancelled.
    private mutating func dropCancelled() {
        guard heap.count > max(Self.slack, 2 * count) else { return }
        heap = Heap(heap.unordered.filter { isLive($0.token) })
    }
}
