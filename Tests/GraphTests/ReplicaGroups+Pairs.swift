import Graph

extension ReplicaGroups {
    /// Four cores in two groups of neighbours.
    // Every core of 0 ..< 4 is named once, so nothing is thrown.
    static let pairs = (try? ReplicaGroups([[0, 1], [2, 3]]))!
}
