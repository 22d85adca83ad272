/// Values by keys, each with a cost. When all of them cost more than a limit, those go that were used longest ago. Every call
/// takes the same time, however many there are.
package struct LeastRecentlyUsed<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Slot {
        var entry: (key: Key, value: Value)?
        var cost = 0
        var older = none
        var newer = none
    }

    private static var none: Int { -1 }

    /// What all of them may cost.
    package let limit: Int
    private var slots: [Slot] = []
    private var free: [Int] = []
    private var indices: [Key: Int] = [:]
    private var oldest = none
    private var newest = none
    /// What all of them cost.
    package private(set) var cost = 0

    /// Nothing is kept yet.
    /// - Parameter limit: What all of them may cost together.
    package init(limit: Int) { self.limit = limit }

    /// How many there are.
    package var count: Int { indices.count }

    /// The value of a key, which is the one that was used last from now on.
    package mutating func value(for key: Key) -> Value? {
        guard let index = indices[key] else { return nil }
        if index != newest {
            unlink(index)
            link(index)
        }
        return slots[index].entry?.value
    }

    /// Keeps a value in place of the one that the key had. One that costs more than the limit is not kept.
    package mutating func insert(_ value: Value, cost: Int, for key: Key) {
        remove(key)
        guard cost <= limit else { return }
        while self.cost + cost > limit, let last = slots[oldest].entry { remove(last.key) }
        let index = free.popLast() ?? slots.count
        if index == slots.count { slots.append(Slot()) }
        slots[index] = Slot(entry: (key, value), cost: cost)
        indices[key] = index
        self.cost += cost
        link(index)
    }

    /// Forgets the value of a key.
    package mutating func remove(_ key: Key) {
        guard let index = indices.removeValue(forKey: key) else { return }
        unlink(index)
        cost -= slots[index].cost
        slots[index] = Slot()
        free.append(index)
    }

    private mutating func link(_ index: Int) {
        slots[index].older = newest
        slots[index].newer = Self.none
        if newest == Self.none { oldest = index } else { slots[newest].newer = index }
        newest = index
    }

    private mutating func unlink(_ index: Int) {
        let (older, newer) = (slots[index].older, slots[index].newer)
        if older == Self.none { oldest = newer } else { slots[older].newer = newer }
        if newer == Self.none { newest = older } else { slots[newer].older = older }
    }
}
