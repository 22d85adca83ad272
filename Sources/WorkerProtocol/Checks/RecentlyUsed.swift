import OrderedCollections

/// Values by their keys, as many and as large as may be kept: those that were used longest ago go first.
package struct RecentlyUsed<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry {
        var value: Value
        var bytes: Int
    }

    private let largestCount: Int
    private let largestBytes: Int
    /// In the order of their last use.
    private var entries: OrderedDictionary<Key, Entry> = [:]
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
        // The same one again and again costs no move.
        if entries.keys.last == key { return entries.values.last?.value }
        guard let entry = entries.removeValue(forKey: key) else { return nil }
        entries[key] = entry
        return entry.value
    }

    /// Keeps a value of so many bytes in place of what was kept for its key.
    package mutating func insert(_ value: Value, for key: Key, bytes: Int) {
        remove(key)
        entries[key] = Entry(value: value, bytes: bytes)
        self.bytes += bytes
        while self.bytes > largestBytes || entries.count > largestCount {
            self.bytes -= entries.removeFirst().value.bytes
        }
    }

    /// Keeps nothing for a key any more.
    package mutating func remove(_ key: Key) {
        if let entry = entries.removeValue(forKey: key) { bytes -= entry.bytes }
    }
}
