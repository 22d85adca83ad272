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
    private var places: [Key: Int] = [:]
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
        guard let place = places[key] else { return nil }
        if place != newest {
            unlink(place)
            link(place)
        }
        return slots[place]?.value
    }

    /// Keeps a value of so many bytes in place of what was kept for its key.
    package mutating func insert(_ value: Value, for key: Key, bytes: Int) {
        remove(key)
        let place = empty.popLast() ?? slots.count
        if place == slots.count {
            slots.append(nil)
            links.append(Links())
        }
        slots[place] = Slot(key: key, value: value, bytes: bytes)
        places[key] = place
        link(place)
        self.bytes += bytes
        while let oldest, self.bytes > largestBytes || places.count > largestCount { clear(oldest) }
    }

    /// Keeps nothing for a key any more.
    package mutating func remove(_ key: Key) {
        if let place = places[key] { clear(place) }
    }

    private mutating func clear(_ place: Int) {
        unlink(place)
        guard let slot = slots[place].take() else { return }
        places[slot.key] = nil
        bytes -= slot.bytes
        empty.append(place)
    }

    /// Makes a slot the one used last.
    private mutating func link(_ place: Int) {
        links[place] = Links(older: newest)
        if let newest { links[newest].newer = place } else { oldest = place }
        newest = place
    }

    private mutating func unlink(_ place: Int) {
        let (older, newer) = (links[place].older, links[place].newer)
        if let older { links[older].newer = newer } else { oldest = newer }
        if let newer { links[newer].older = older } else { newest = older }
    }
}
