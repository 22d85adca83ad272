/// One core's program on one core's batch: what a step does. A finished value: made by `GraphBuilder.finish`, checked
/// by `Verifier`, rewritten by `Passes`, run by an executor.
///
/// A step: every core takes its infeed tuple, computes all nodes, hands its outfeed tuple out; then all assignments
/// happen together. `readVariable` sees the value from the step's start always; what shall see a new value uses the
/// result of the `assign` node. No variable is assigned twice.
package struct Program: Sendable, Hashable {
    /// A value that each core hands out in each step.
    package struct Outfeed: Sendable, Hashable {
        /// Unique among the program's outfeed values.
        package var name: String
        /// The node whose result it is.
        package var value: ValueID

        /// The value of a node under a name.
        package init(name: String, value: ValueID) {
            self.name = name
            self.value = value
        }
    }

    /// Types of the infeed tuple's elements on one core, in order.
    package var infeed: [TensorType]
    /// Variables, in order of creation; ops refer to them by place.
    package var variables: [Variable]
    /// Nodes in topological order: operands come before users.
    package var nodes: [Node]
    /// The scalar loss; nil for programs without one (prediction).
    package var loss: ValueID?
    /// Values handed out, in order.
    package var outfeed: [Outfeed]
    /// The `assign` nodes, in order of creation.
    package var assignments: [ValueID]

    /// A program of these parts, unchecked; `Verifier.verify` checks.
    package init(
        infeed: [TensorType] = [], variables: [Variable] = [], nodes: [Node] = [], loss: ValueID? = nil,
        outfeed: [Outfeed] = [], assignments: [ValueID] = []
    ) {
        self.infeed = infeed
        self.variables = variables
        self.nodes = nodes
        self.loss = loss
        self.outfeed = outfeed
        self.assignments = assignments
    }

    /// The node of a value.
    package subscript(value: ValueID) -> Node { nodes[value.index] }

    /// True when a node of this kind is in the program: a training program without `crossReplicaSum` does not train
    /// its cores together, which TPUEstimator refuses.
    package func contains(_ kind: Op.Kind) -> Bool { nodes.contains { $0.op.kind == kind } }

    /// The cores that the program's sums over groups name, each number once; empty where any number of cores can run it.
    package var groupedReplicas: Set<Int> {
        Set(nodes.compactMap { if case .crossReplicaGroupSum(let groups) = $0.op { groups.replicas } else { nil } })
    }

    /// How often each node's value is used by nodes and as a root, by place.
    var useCounts: [Int] {
        var counts = [Int](repeating: 0, count: nodes.count)
        for node in nodes { for operand in node.operands { counts[operand.index] += 1 } }
        for root in roots { counts[root.index] += 1 }
        return counts
    }

    /// The places of the variables by name.
    package var variableIndices: [String: Int] {
        Dictionary(variables.enumerated().map { ($0.element.name, $0.offset) }) { first, _ in first }
    }

    /// Types of the outfeed tuple's elements on one core, in order.
    package var outfeedTypes: [TensorType] { outfeed.map { self[$0.value].type } }

    /// Values that must be computed: loss, outfeed, assignments.
    package var roots: [ValueID] { (loss.map { [$0] } ?? []) + outfeed.map(\.value) + assignments }

    /// The assign node of each variable that has one: variable place to node.
    package var assignmentByVariable: [Int: ValueID] {
        var result: [Int: ValueID] = [:]
        for value in assignments {
            if case .assign(let variable) = self[value].op { result[variable] = value }
        }
        return result
    }
}
