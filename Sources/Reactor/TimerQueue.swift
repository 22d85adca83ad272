/// Names one deadline of a `TimerQueue`, for cancelling it.
package struct TimerToken: Hashable, Sendable {
    let index: UInt32
    let generation: UInt32
}

/// Deadlines with what to do then, earliest first; those with the same deadline in the order in which they came.
///
/// A cancelled deadline leaves its node in the heap, which is skipped when it comes up; when such nodes are most of the
/// heap, it is built anew. So `insert` is O(log n) and `cancel` O(1).
package struct TimerQueue<Action> {
    private struct Node {
        let deadline: MonotonicInstant
        let order: UInt64
        let token: TimerToken

        static func < (left: Node, right: Node) -> Bool {
            (left.deadline, left.order) < (right.deadline, right.order)
        }
    }

    private struct Entry {
        var generation: UInt32 = 0
        var action: Action?
    }

    private var heap: [Node] = []
    private var entries: [Entry] = []
    private var free: [UInt32] = []
    private var order: UInt64 = 0
    /// How many deadlines are waited for.
    package private(set) var count = 0

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
        heap.append(Node(deadline: deadline, order: order, token: token))
        siftUp(heap.count - 1)
        count += 1
        return token
    }

    /// Takes a deadline back; false when it came up or was cancelled before.
    @discardableResult
    package mutating func cancel(_ token: TimerToken) -> Bool {
        guard release(token) != nil else { return false }
        if heap.count > 64, heap.count > 2 * count { rebuild() }
        return true
    }

    /// The earliest deadline, if there is one.
    package mutating func next() -> MonotonicInstant? {
        while let first = heap.first {
            if isLive(first.token) { return first.deadline }
            removeFirst()
        }
        return nil
    }

    /// Takes out the earliest deadline that is not after `now`.
    package mutating func popDue(_ now: MonotonicInstant) -> Action? {
        while let first = heap.first, first.deadline <= now || !isLive(first.token) {
            removeFirst()
            if let action = release(first.token) { return action }
        }
        return nil
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
        return action
    }

    private mutating func rebuild() {
        heap = heap.filter { isLive($0.token) }
        for index in stride(from: heap.count / 2 - 1, through: 0, by: -1) { siftDown(index) }
    }

    private mutating func removeFirst() {
        let last = heap.count - 1
        heap.swapAt(0, last)
        heap.removeLast()
        if !heap.isEmpty { siftDown(0) }
    }

    private mutating func siftUp(_ start: Int) {
        var index = start
        while index > 0 {
            let parent = (index - 1) / 2
            guard heap[index] < heap[parent] else { return }
            heap.swapAt(index, parent)
            index = parent
        }
    }

    private mutating func siftDown(_ start: Int) {
        var index = start
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2] where child < heap.count && heap[child] < heap[least] {
                least = child
            }
            guard least != index else { return }
            heap.swapAt(index, least)
            index = least
        }
    }
}
