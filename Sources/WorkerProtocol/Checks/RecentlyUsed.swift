/// Values by their keys, as many and as large as may be kept: those that were used longest ago go first.
///
/// A dictionary finds a slot, and the slots are a doubly linked list in the order of their last use: each operation
/// takes constant time.
package struct RecentlyUsed<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Slot {
        var key: Key
        var value: Value
        var bytes: Int
    }

    private struct Links {
        /// The slot used next before this one; nil for the one used longest ago.
        var older: Int?
        /// The slot used next after this one; nil for the one used last.
        var newer: Int?
    }

    private let largestCount: Int
    private let largestBytes: Int
    private var slots: [Slot?] = []
    private var links: [Links] = []
    private var empty: [Int] = []
    private var indices: [Key: Int] = [:]
    private var oldest: Int?
    private var newest: Int?
    private var bytes = 0

    /// Keeps nothing yet.
    /// - Parameters:
    ///   - largestCount: Values that are kept at most.
    ///   - largestBytes: Bytes of them at most.
    package init(largestCount: Int, largestBytes: Int) {
        self.largestCount = largestCount
        self.largestBytes = largestBytes
    }

    /// The value for a key, which is used now; nil when none is kept.
    package mutating func value(for key: Key) -> Value? {
        guard let index = indices[key] else { return nil }
        if index != newest {
            unlink(index)
            link(index)
        }
        return slots[index]?.value
    }

    /// Keeps a value of so many bytes in place of what was kept for its key.
    package mutating func insert(_ value: Value, for key: Key, bytes: Int) {
        remove(key)
        let index = empty.popLast() ?? slots.count
        if index == slots.count {
            slots.append(nil)
            links.append(Links())
        }
        slots[index] = Slot(key: key, value: value, bytes: bytes)
        indices[key] = index
        link(index)
        self.bytes += bytes
        while let oldest, self.bytes > largestBytes || indices.count > largestCount { clear(oldest) }
    }

    /// Keeps nothing for a key any more.
    package mutating func remove(_ key: Key) {
        if let index = indices[key] { clear(index) }
    }

    private mutating func clear(_ index: Int) {
        unlink(index)
        guard let slot = slots[index].take() else { return }
        indices[slot.key] = nil
        bytes -= slot.bytes
        empty.append(index)
    }

    /// Makes a slot the one used last.
    private mutating func link(_ index: Int) {
        links[index] = Links(older: newest)
        if let newest { links[newest].newer = index } else { oldest = index }
        newest = index
    }

    private mutating func unlink(_ index: Int) {
        let (older, newer) = (links[index].older, links[index].newer)
        if let older { links[older].newer = newer } else { oldest = newer }
        if let newer { links[newer].older = older } else { newest = older }
    }
}
