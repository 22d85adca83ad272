import Graph

extension ProgramWriter {
    /// Writes an operation; the name of its result.
    ///
    /// - Throws: ``ONNXError`` for one that ONNX's can't say.
    mutating func operation(_ place: Int, _ node: Node, _ operands: [String]) throws(ONNXError) -> String {
        let type = node.type.dtype
        switch node.op {
        case .unary(let op): return unary(op, operands[0], type)
        case .binary(let op): return binary(op, operands, type)
        case .compare(let comparison): return compare(comparison, operands)
        case .logical(let op):
            switch op {
            case .and: return graph.add("And", operands)
            case .or: return graph.add("Or", operands)
            case .xor: return graph.add("Xor", operands)
            }
        case .select: return graph.add("Where", operands)
        case .convert(let target): return cast(operands[0], ONNXType.number(target))
        case .reshape: return try reshape(place, operands[0], shape(ValueID(place)).extents)
        case .broadcast(_, let dimensions): return try broadcast(place, dimensions, operands[0])
        case .transpose(let permutation): return transpose(operands[0], permutation)
        case .slice(let starts, let limits, let strides): return try slice(place, operands[0], starts, limits, strides)
        case .pad(let low, let high, let interior):
            guard interior.allSatisfy({ $0 == 0 }) else {
                throw refused(place, "puts cells between neighbours, which can't be exported")
            }
            return graph.add("Pad", [operands[0], graph.integers(low + high), operands[1]])
        case .concatenate(let axis): return graph.add("Concat", operands, ["axis": .integer(axis)])
        case .dot(let transposesLeft, let transposesRight):
            let left = transposesLeft ? matrixTranspose(operands[0], rank: node.type.shape.rank) : operands[0]
            let right = transposesRight ? matrixTranspose(operands[1], rank: node.type.shape.rank) : operands[1]
            return graph.add("MatMul", [left, right])
        case .reduce(let reduction, let axes): return reduce(reduction, axes, operands[0])
        case .argMax(let axis):
            return graph.add("ArgMax", operands, ["axis": .integer(axis), "keepdims": .integer(0)])
        case .softmax: return graph.add("Softmax", operands, ["axis": .integer(-1)])
        case .logSoftmax: return graph.add("LogSoftmax", operands, ["axis": .integer(-1)])
        case .convolution(let window, let groups): return convolution(window, groups, operands)
        case .convolutionInputGradient(let window, let groups, let input):
            return convolutionInputGradient(place, window, groups, input, operands)
        case .pool(let pooling, let window): return try pool(place, pooling, window, operands[0], type)
        case .gather: return graph.add("Gather", operands, ["axis": .integer(0)])
        case .reverse(let axes):
            return graph.add(
                "Slice",
                [
                    operands[0], graph.integers(axes.map { _ in -1 }), graph.integers(axes.map { _ in .min }),
                    graph.integers(axes), graph.integers(axes.map { _ in -1 }),
                ])
        case .cumulativeSum(let axis, let isReversed):
            return graph.add(
                "CumSum", [operands[0], graph.scalar(Double(axis), .int64)], ["reverse": .integer(isReversed ? 1 : 0)])
        case .crossReplicaSum, .crossReplicaGroupSum, .assign:
            // The model predicts alone.
            return operands[0]
        case .randomUniform: throw refused(place, "draws random numbers, which can't be exported")
        case .sparseSoftmaxCrossEntropy, .sparseSoftmaxCrossEntropyGradient, .convolutionFilterGradient,
            .maxPoolGradient, .sumPoolGradient, .scatterAdd:
            throw refused(place, "computes \(node.op.name), which can't be exported")
        case .infeed, .constant, .readVariable, .iota, .replicaIndex:
            throw refused(place, "has a value without operands where there are some")
        }
    }

    private mutating func cast(_ operand: String, _ type: Int) -> String {
        graph.add("Cast", [operand], ["to": .integer(type)])
    }

    private mutating func transpose(_ operand: String, _ permutation: [Int]) -> String {
        graph.add("Transpose", [operand], ["perm": .integers(permutation)])
    }

    private mutating func matrixTranspose(_ operand: String, rank: Int) -> String {
        transpose(operand, Array(0..<(rank - 2)) + [rank - 1, rank - 2])
    }

    // MARK: Element by element

    private mutating func unary(_ op: UnaryOp, _ operand: String, _ type: DType) -> String {
        switch op {
        case .negate: graph.add("Neg", [operand])
        case .abs: graph.add("Abs", [operand])
        case .sign: graph.add("Sign", [operand])
        case .exp: graph.add("Exp", [operand])
        case .expm1: graph.add("Sub", [graph.add("Exp", [operand]), graph.scalar(1, type)])
        case .log: graph.add("Log", [operand])
        case .log1p: graph.add("Log", [graph.add("Add", [operand, graph.scalar(1, type)])])
        case .sqrt: graph.add("Sqrt", [operand])
        case .rsqrt: graph.add("Reciprocal", [graph.add("Sqrt", [operand])])
        case .tanh: graph.add("Tanh", [operand])
        case .logistic: graph.add("Sigmoid", [operand])
        case .sin: graph.add("Sin", [operand])
        case .cos: graph.add("Cos", [operand])
        case .erf: graph.add("Erf", [operand])
        case .floor: graph.add("Floor", [operand])
        case .ceil: graph.add("Ceil", [operand])
        case .round: graph.add("Round", [operand])
        case .roundToBFloat16: cast(cast(operand, ONNXType.bfloat16), ONNXType.number(type))
        case .relu: graph.add("Relu", [operand])
        case .softplus: graph.add("Softplus", [operand])
        case .isFinite:
            graph.add(
                "Not", [graph.add("Or", [graph.add("IsInf", [operand]), graph.add("IsNaN", [operand])])])
        case .not: graph.add("Not", [operand])
        }
    }

    private mutating func binary(_ op: BinaryOp, _ operands: [String], _ type: DType) -> String {
        switch op {
        case .add: return graph.add("Add", operands)
        case .subtract: return graph.add("Sub", operands)
        case .multiply: return graph.add("Mul", operands)
        case .divide: return graph.add("Div", operands)
        case .remainder: return graph.add("Mod", operands, ["fmod": .integer(1)])
        case .maximum: return graph.add("Max", operands)
        case .minimum: return graph.add("Min", operands)
        case .power: return graph.add("Pow", operands)
        case .squaredDifference:
            let difference = graph.add("Sub", operands)
            return graph.add("Mul", [difference, difference])
        }
    }

    private mutating func compare(_ comparison: Comparison, _ operands: [String]) -> String {
        switch comparison {
        case .equal: graph.add("Equal", operands)
        case .notEqual: graph.add("Not", [graph.add("Equal", operands)])
        case .less: graph.add("Less", operands)
        case .lessOrEqual: graph.add("LessOrEqual", operands)
        case .greater: graph.add("Greater", operands)
        case .greaterOrEqual: graph.add("GreaterOrEqual", operands)
        }
    }

    // MARK: Over axes

    /// Reductions of ONNX take their axes as a tensor or as an attribute, whichever they had first.
    private mutating func reduce(_ reduction: Reduction, _ axes: [Int], _ operand: String) -> String {
        if axes.isEmpty { return operand }
        switch reduction {
        case .sum: return graph.add("ReduceSum", [operand, graph.integers(axes)], ["keepdims": .integer(0)])
        case .product: return graph.add("ReduceProd", [operand], ["axes": .integers(axes), "keepdims": .integer(0)])
        case .max: return graph.add("ReduceMax", [operand], ["axes": .integers(axes), "keepdims": .integer(0)])
        case .min: return graph.add("ReduceMin", [operand], ["axes": .integers(axes), "keepdims": .integer(0)])
        }
    }

    private mutating func slice(
        _ place: Int, _ operand: String, _ starts: [Int], _ limits: [Int], _ strides: [Int]
    ) throws(ONNXError) -> String {
        guard case .slice(let otherStarts, let otherLimits, let otherStrides) = other.nodes[place].op else {
            throw refused(place, "computes something else for batches of another size")
        }
        let extents = try shape(one.nodes[place].operands[0]).extents
        let whole = one[one.nodes[place].operands[0]].type.shape.dimensions
        let otherWhole = other[other.nodes[place].operands[0]].type.shape.dimensions
        var axes: [Int] = []
        for axis in extents.indices {
            let isWhole =
                starts[axis] == 0 && otherStarts[axis] == 0 && strides[axis] == 1 && otherStrides[axis] == 1
                && limits[axis] == whole[axis] && otherLimits[axis] == otherWhole[axis]
            if isWhole { continue }
            guard starts[axis] == otherStarts[axis], limits[axis] == otherLimits[axis],
                strides[axis] == otherStrides[axis],
                case .fixed = extents[axis]
            else { throw refused(place, "takes some rows of the batch, which has no fixed number here") }
            axes.append(axis)
        }
        if axes.isEmpty { return operand }
        return graph.add(
            "Slice",
            [
                operand, graph.integers(axes.map { starts[$0] }), graph.integers(axes.map { limits[$0] }),
                graph.integers(axes), graph.integers(axes.map { strides[$0] }),
            ])
    }
}
