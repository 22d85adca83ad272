/// A partition of the simulated cores into groups of equal size, each of which adds up for itself (TensorFlow:
/// `group_assignment`).
package struct ReplicaGroups: Sendable, Hashable, CustomStringConvertible {
    /// The cores of each group, in the order in which their values are added.
    package let members: [[Int]]
    /// The group of each core.
    private let groupOfCore: [Int]

    /// A partition of the cores 0 ..< n, where n is how many numbers the groups have in all. Throws `invalidArgument`
    /// for groups of different sizes or without cores, and for a core that is missing or named twice.
    package init(_ members: [[Int]]) throws(GraphError) {
        let size = members.first?.count ?? 0
        guard size > 0, members.allSatisfy({ $0.count == size }) else {
            throw GraphError(
                .invalidArgument,
                "expected groups of one size, at least one core each, found sizes \(members.map(\.count)): "
                    + "name equally many cores in every group")
        }
        let cores = members.count.multiplied(saturating: size)
        var groupOfCore = [Int](repeating: -1, count: cores)
        for (group, each) in members.enumerated() {
            for core in each {
                guard (0..<cores).contains(core), groupOfCore[core] < 0 else {
                    throw GraphError(
                        .invalidArgument,
                        "expected every core of 0 ..< \(cores) in one group, found core \(core) "
                            + "\((0..<cores).contains(core) ? "twice" : "outside"): name each core once")
                }
                groupOfCore[core] = group
            }
        }
        self.members = members
        self.groupOfCore = groupOfCore
    }

    /// Cores in all.
    package var replicas: Int { groupOfCore.count }

    /// Cores of a group.
    package var size: Int { members[0].count }

    /// The cores that add up with a core, itself among them. The core is one of `0 ..< replicas`.
    package func members(with core: Int) -> [Int] { members[groupOfCore[core]] }

    /// As `[0,1] [2,3]`.
    package var description: String { members.map { "\(Shape($0))" }.joined(separator: " ") }
}
