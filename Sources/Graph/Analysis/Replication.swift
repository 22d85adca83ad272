/// Where values are the same on all cores: computed once there, per core elsewhere.
package struct Replication: Sendable, Hashable {
    /// How a value differs between cores.
    package enum Spread: String, Sendable, Hashable, CaseIterable {
        /// The same on all cores.
        case uniform
        /// May differ.
        case perReplica
    }

    /// Of each node's result, by place.
    package let values: [Spread]
    /// Of each variable, by place. Per replica as soon as one assignment to it is.
    package let variables: [Spread]

    /// The spread of a value.
    package subscript(value: ValueID) -> Spread { values[value.index] }

    /// Analyses a verified program: a fixed point that starts from uniform variables, as all initial values are.
    package init(_ program: Program) {
        var variables = [Spread](repeating: .uniform, count: program.variables.count)
        var values: [Spread] = []
        var isSettled = false
        while !isSettled {
            isSettled = true
            values = []
            for node in program.nodes {
                let spread = Replication.row(node, values, variables)
                values.append(spread)
                guard case .assign(let variable) = node.op, spread == .perReplica, variables[variable] == .uniform
                else {
                    continue
                }
                variables[variable] = .perReplica
                isSettled = false
            }
        }
        self.values = values
        self.variables = variables
    }

    private static func row(_ node: Node, _ values: [Spread], _ variables: [Spread]) -> Spread {
        switch node.op {
        case .infeed, .replicaIndex: .perReplica
        case .crossReplicaSum: .uniform
        case .readVariable(let index): variables[index]
        case .constant, .iota, .randomUniform, .unary, .binary, .compare, .logical, .select, .convert, .reshape,
            .broadcast,
            .transpose, .slice, .pad, .concatenate, .dot, .reduce, .argMax, .softmax, .logSoftmax,
            .sparseSoftmaxCrossEntropy, .sparseSoftmaxCrossEntropyGradient, .convolution, .convolutionInputGradient,
            .convolutionFilterGradient, .pool, .maxPoolGradient, .sumPoolGradient, .gather, .scatterAdd, .reverse,
            .cumulativeSum, .crossReplicaGroupSum, .assign:
            node.operands.contains { values[$0.index] == .perReplica } ? .perReplica : .uniform
        }
    }
}
