/// The type of each op's result from its operands' types: one row an op. What it refuses, no program contains.
package struct TypeRules: Sendable {
    /// Types of the infeed tuple's elements.
    package internal(set) var infeed: [TensorType]
    /// Types of the variables.
    package internal(set) var variables: [TensorType]

    /// Rules for a program with these infeed elements and variables.
    package init(infeed: [TensorType], variables: [TensorType]) {
        self.infeed = infeed
        self.variables = variables
    }

    /// The result's type. Throws when the op doesn't take such operands or its attributes make no sense for them.
    package func result(_ op: Op, _ operands: [TensorType]) throws(GraphError) -> TensorType {
        if let count = TypeRules.operandCount(op) {
            guard operands.count == count else {
                throw GraphError(.wrongOperandCount, "takes \(count) operands, not \(operands.count)")
            }
        }
        let type = try row(op, operands)
        guard type.dtype != .bfloat16 else {
            throw GraphError(
                .typeMismatch, "a program has no values of bfloat16: expected float32, rounded by roundedToBFloat16()")
        }
        guard type.shape.isValid else { throw GraphError(.shapeMismatch, "\(type) is not a possible shape") }
        return type
    }

    /// How many operands an op takes; nil for any number.
    package static func operandCount(_ op: Op) -> Int? {
        switch op {
        case .infeed, .constant, .readVariable, .iota, .replicaIndex: 0
        case .randomUniform, .unary, .convert, .reshape, .broadcast, .transpose, .slice, .reduce, .argMax, .softmax,
            .logSoftmax, .pool, .sumPoolGradient, .reverse, .cumulativeSum, .crossReplicaSum,
            .crossReplicaGroupSum, .assign:
            1
        case .binary, .compare, .logical, .pad, .dot, .sparseSoftmaxCrossEntropy, .convolution,
            .convolutionInputGradient, .convolutionFilterGradient, .maxPoolGradient, .gather, .scatterAdd:
            2
        case .select, .sparseSoftmaxCrossEntropyGradient: 3
        case .concatenate: nil
        }
    }

    private func row(_ op: Op, _ operands: [TensorType]) throws(GraphError) -> TensorType {
        switch op {
        case .infeed(let index): try place(index, in: infeed, "infeed element")
        case .constant(let literal): literal.type
        case .readVariable(let index): try place(index, in: variables, "variable")
        case .iota(let type, let axis): try iota(type, axis)
        case .randomUniform(let type, _): try random(type, operands[0])
        case .unary(let unary): try self.unary(unary, operands[0])
        case .binary(let binary): try self.binary(binary, operands[0], operands[1])
        case .compare: try same(operands[0], operands[1]).with(.bool)
        case .logical: try same(expect(.bool, operands[0]), operands[1])
        case .select: try select(operands[0], operands[1], operands[2])
        case .convert(let dtype): operands[0].with(dtype)
        case .reshape(let shape): try reshape(operands[0], shape)
        case .broadcast(let shape, let dimensions): try broadcast(operands[0], shape, dimensions)
        case .transpose(let permutation): try transpose(operands[0], permutation)
        case .slice(let starts, let limits, let strides): try slice(operands[0], starts, limits, strides)
        case .pad(let low, let high, let interior): try pad(operands[0], operands[1], low, high, interior)
        case .concatenate(let axis): try concatenate(operands, axis)
        case .dot(let left, let right): try dot(operands[0], operands[1], left, right)
        case .reduce(_, let axes): try reduce(operands[0], axes)
        case .argMax(let axis): try argMax(operands[0], axis)
        case .softmax, .logSoftmax: try lastAxis(floating(operands[0]))
        case .sparseSoftmaxCrossEntropy: try crossEntropy(operands[0], operands[1])
        case .sparseSoftmaxCrossEntropyGradient: try crossEntropyGradient(operands[0], operands[1], operands[2])
        case .convolution(let window, let groups): try convolution(operands[0], operands[1], window, groups)
        case .convolutionInputGradient(let window, let groups, let input):
            try convolutionInputGradient(operands[0], operands[1], window, groups, input)
        case .convolutionFilterGradient(let window, let groups):
            try convolutionFilterGradient(operands[0], operands[1], window, groups)
        case .pool(_, let window): try pool(operands[0], window)
        case .maxPoolGradient(let window): try maxPoolGradient(operands[0], operands[1], window)
        case .sumPoolGradient(let window, let input): try sumPoolGradient(operands[0], window, input)
        case .gather: try gather(operands[0], operands[1])
        case .scatterAdd(let rows): try scatterAdd(operands[0], operands[1], rows)
        case .reverse(let axes): try reverse(operands[0], axes)
        case .cumulativeSum(let axis, _): try reverse(numeric(operands[0]), [axis])
        case .crossReplicaSum, .crossReplicaGroupSum: try numeric(operands[0])
        case .replicaIndex: .scalar(.int32)
        case .assign(let index): try same(operands[0], place(index, in: variables, "variable"))
        }
    }
}
