extension TypeRules {
    func place(_ index: Int, in types: [TensorType], _ noun: String) throws(GraphError) -> TensorType {
        guard types.indices.contains(index) else {
            throw GraphError(.invalidArgument, "\(noun) \(index) is not one of the \(types.count)")
        }
        return types[index]
    }

    func same(_ a: TensorType, _ b: TensorType) throws(GraphError) -> TensorType {
        guard a.dtype == b.dtype else { throw GraphError(.typeMismatch, "\(a) and \(b) differ in their elements") }
        guard a.shape == b.shape else { throw GraphError(.shapeMismatch, "\(a) and \(b) differ in shape") }
        return a
    }

    func expect(_ dtype: DType, _ type: TensorType) throws(GraphError) -> TensorType {
        guard type.dtype == dtype else { throw GraphError(.typeMismatch, "takes \(dtype.rawValue), not \(type)") }
        return type
    }

    func floating(_ type: TensorType) throws(GraphError) -> TensorType {
        guard type.dtype.isFloating else { throw GraphError(.typeMismatch, "takes floating elements, not \(type)") }
        return type
    }

    func integer(_ type: TensorType) throws(GraphError) -> TensorType {
        guard type.dtype.isInteger else { throw GraphError(.typeMismatch, "takes integers, not \(type)") }
        return type
    }

    func numeric(_ type: TensorType) throws(GraphError) -> TensorType {
        guard type.dtype != .bool else { throw GraphError(.typeMismatch, "takes numbers, not \(type)") }
        return type
    }

    func unary(_ op: UnaryOp, _ type: TensorType) throws(GraphError) -> TensorType {
        switch op {
        case .negate, .abs, .sign, .relu: try numeric(type)
        case .exp, .expm1, .log, .log1p, .sqrt, .rsqrt, .tanh, .logistic, .sin, .cos, .erf, .floor, .ceil, .round,
            .roundToBFloat16, .softplus:
            try floating(type)
        case .isFinite: try floating(type).with(.bool)
        case .not: try expect(.bool, type)
        }
    }

    func binary(_ op: BinaryOp, _ a: TensorType, _ b: TensorType) throws(GraphError) -> TensorType {
        switch op {
        case .add, .subtract, .multiply, .divide, .remainder, .maximum, .minimum, .power, .squaredDifference:
            try same(numeric(a), b)
        }
    }

    func iota(_ type: TensorType, _ axis: Int) throws(GraphError) -> TensorType {
        _ = try axes([axis], of: type)
        return try numeric(type)
    }

    func random(_ type: TensorType, _ counter: TensorType) throws(GraphError) -> TensorType {
        guard counter == .scalar(.int64) else {
            throw GraphError(.typeMismatch, "its counter is int64[], not \(counter)")
        }
        return try floating(type)
    }

    func select(_ condition: TensorType, _ a: TensorType, _ b: TensorType) throws(GraphError) -> TensorType {
        guard try expect(.bool, condition).shape == a.shape else {
            throw GraphError(.shapeMismatch, "condition \(condition) and values \(a) differ in shape")
        }
        return try same(a, b)
    }

    func reshape(_ type: TensorType, _ shape: Shape) throws(GraphError) -> TensorType {
        guard shape.isValid, shape.count == type.count else {
            throw GraphError(.shapeMismatch, "\(type) has \(type.count) elements, which don't fit \(shape)")
        }
        return type.with(shape)
    }

    func broadcast(_ type: TensorType, _ shape: Shape, _ dimensions: [Int]) throws(GraphError) -> TensorType {
        guard shape.isValid else { throw GraphError(.shapeMismatch, "\(shape) is not a possible shape") }
        guard dimensions.count == type.shape.rank, dimensions.allSatisfy({ $0 >= 0 && $0 < shape.rank }),
            zip(dimensions, dimensions.dropFirst()).allSatisfy({ $0 < $1 })
        else { throw GraphError(.invalidAxis, "axes \(dimensions) don't map \(type) into \(shape)") }
        for (axis, target) in dimensions.enumerated() {
            guard type.shape[axis] == shape[target] || type.shape[axis] == 1 else {
                throw GraphError(.shapeMismatch, "\(type) doesn't stretch to \(shape)")
            }
        }
        return type.with(shape)
    }

    func transpose(_ type: TensorType, _ permutation: [Int]) throws(GraphError) -> TensorType {
        guard permutation.sorted() == Array(0..<type.shape.rank) else {
            throw GraphError(.invalidAxis, "\(permutation) is not a permutation of the axes of \(type)")
        }
        return type.with(Shape(permutation.map { type.shape[$0] }))
    }

    func slice(_ type: TensorType, _ starts: [Int], _ limits: [Int], _ strides: [Int]) throws(GraphError) -> TensorType
    {
        let rank = type.shape.rank
        guard starts.count == rank, limits.count == rank, strides.count == rank,
            type.shape.dimensions.indices.allSatisfy({
                0 <= starts[$0] && starts[$0] <= limits[$0] && limits[$0] <= type.shape[$0] && strides[$0] >= 1
            })
        else { throw GraphError(.invalidArgument, "\(starts) ..< \(limits) by \(strides) is not a part of \(type)") }
        return type.with(
            Shape((0..<rank).map { limits[$0] == starts[$0] ? 0 : (limits[$0] - starts[$0] - 1) / strides[$0] + 1 }))
    }

    func pad(
        _ type: TensorType, _ fill: TensorType, _ low: [Int], _ high: [Int], _ interior: [Int]
    ) throws(GraphError) -> TensorType {
        let rank = type.shape.rank
        guard fill == .scalar(type.dtype) else { throw GraphError(.typeMismatch, "\(type) is not filled with \(fill)") }
        guard low.count == rank, high.count == rank, interior.count == rank,
            (low + high + interior).allSatisfy({ $0 >= 0 && $0 <= 1 << 31 })
        else { throw GraphError(.invalidArgument, "\(low), \(high), \(interior) don't pad \(type)") }
        return type.with(
            Shape((0..<rank).map { low[$0] + high[$0] + type.shape[$0] + interior[$0] * max(0, type.shape[$0] - 1) }))
    }

    func concatenate(_ operands: [TensorType], _ axis: Int) throws(GraphError) -> TensorType {
        guard let first = operands.first else { throw GraphError(.wrongOperandCount, "takes at least one operand") }
        _ = try axes([axis], of: first)
        var extent = 0
        for operand in operands {
            guard operand.dtype == first.dtype else {
                throw GraphError(.typeMismatch, "\(first) and \(operand) differ in their elements")
            }
            guard operand.shape.rank == first.shape.rank,
                operand.shape.keeping(axes: [axis]) == first.shape.keeping(axes: [axis])
            else { throw GraphError(.shapeMismatch, "\(first) and \(operand) differ beside axis \(axis)") }
            extent = extent.adding(saturating: operand.shape[axis])
        }
        var dimensions = first.shape.dimensions
        dimensions[axis] = extent
        return first.with(Shape(dimensions))
    }

    func dot(_ a: TensorType, _ b: TensorType, _ left: Bool, _ right: Bool) throws(GraphError) -> TensorType {
        let rank = try floating(a).shape.rank
        guard a.dtype == b.dtype else { throw GraphError(.typeMismatch, "\(a) and \(b) differ in their elements") }
        guard rank >= 2, b.shape.rank == rank,
            a.shape.dimensions.dropLast(2).elementsEqual(b.shape.dimensions.dropLast(2))
        else { throw GraphError(.shapeMismatch, "\(a) and \(b) are not matrices, or differ in their batch axes") }
        let (m, ka) = left ? (a.shape[rank - 1], a.shape[rank - 2]) : (a.shape[rank - 2], a.shape[rank - 1])
        let (kb, n) = right ? (b.shape[rank - 1], b.shape[rank - 2]) : (b.shape[rank - 2], b.shape[rank - 1])
        guard ka == kb else {
            throw GraphError(.shapeMismatch, "the inner extents of \(a) and \(b) differ: \(ka) and \(kb)")
        }
        return a.with(Shape(Array(a.shape.dimensions.dropLast(2)) + [m, n]))
    }

    func reduce(_ type: TensorType, _ axes: [Int]) throws(GraphError) -> TensorType {
        try numeric(type).with(type.shape.removing(axes: self.axes(axes, of: type)))
    }

    func argMax(_ type: TensorType, _ axis: Int) throws(GraphError) -> TensorType {
        let axes = try self.axes([axis], of: numeric(type))
        guard type.shape[axis] > 0 else { throw GraphError(.shapeMismatch, "\(type) has nothing along axis \(axis)") }
        return TensorType(.int64, type.shape.removing(axes: axes))
    }

    func lastAxis(_ type: TensorType) throws(GraphError) -> TensorType {
        guard type.shape.rank >= 1 else { throw GraphError(.shapeMismatch, "takes at least one axis, not \(type)") }
        return type
    }

    func crossEntropy(_ logits: TensorType, _ labels: TensorType) throws(GraphError) -> TensorType {
        guard try floating(logits).shape.rank == 2, try integer(labels).shape == [logits.shape[0]] else {
            throw GraphError(.shapeMismatch, "takes logits [n,c] and labels [n], not \(logits) and \(labels)")
        }
        guard logits.shape[1] > 0 else {
            throw GraphError(.shapeMismatch, "takes at least one class, and \(logits) has none")
        }
        return logits.with(labels.shape)
    }

    func crossEntropyGradient(
        _ logits: TensorType, _ labels: TensorType, _ upstream: TensorType
    ) throws(GraphError) -> TensorType {
        _ = try same(crossEntropy(logits, labels), upstream)
        return logits
    }

    func gather(_ table: TensorType, _ indices: TensorType) throws(GraphError) -> TensorType {
        guard table.shape.rank >= 1 else { throw GraphError(.shapeMismatch, "\(table) has no rows") }
        return table.with(Shape(try integer(indices).shape.dimensions + table.shape.dimensions.dropFirst()))
    }

    func scatterAdd(_ indices: TensorType, _ updates: TensorType, _ rows: Int) throws(GraphError) -> TensorType {
        let places = try integer(indices).shape.dimensions
        guard try numeric(updates).shape.dimensions.starts(with: places) else {
            throw GraphError(.shapeMismatch, "\(updates) has not one row for each index of \(indices)")
        }
        return updates.with(Shape([rows] + updates.shape.dimensions.dropFirst(places.count)))
    }

    func reverse(_ type: TensorType, _ axes: [Int]) throws(GraphError) -> TensorType {
        _ = try self.axes(axes, of: type)
        return type
    }

    /// Axes must exist, ascend and not repeat.
    private func axes(_ axes: [Int], of type: TensorType) throws(GraphError) -> [Int] {
        guard axes.allSatisfy({ $0 >= 0 && $0 < type.shape.rank }),
            zip(axes, axes.dropFirst()).allSatisfy({ $0 < $1 })
        else { throw GraphError(.invalidAxis, "\(type) has no such axes: \(axes)") }
        return axes
    }
}
