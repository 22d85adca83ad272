import Graph

/// Writes a program's nodes as ONNX's operations, one by one.
struct ProgramWriter {
    var graph = ONNXGraph()
    let one: Program
    let other: Program
    private let inputs: [String]
    /// The name of each value's tensor, by its place; nil before it is written.
    var names: [String?]
    /// Values whose users stretch them themselves.
    private var unstretched: Set<Int> = []
    private var variables: [Int: String] = [:]
    private var batch: String?

    /// A writer of a program that was built for two batches.
    init(_ one: Program, _ other: Program, inputs: [String]) {
        self.one = one
        self.other = other
        self.inputs = inputs
        names = [String?](repeating: nil, count: one.nodes.count)
    }

    /// Writes all that the program hands out.
    ///
    /// - Returns: the names of what is handed out, in order.
    /// - Throws: ``ONNXError``; what `variable` throws.
    mutating func write(variable: (Variable) throws -> [UInt8]?) throws -> [String] {
        let needed = neededValues()
        unstretched = stretchedByUsers(needed)
        for place in one.nodes.indices where needed[place] { names[place] = try node(place, variable) }
        return try one.outfeed.map { try name($0.value) }
    }

    private func neededValues() -> [Bool] {
        var needed = [Bool](repeating: false, count: one.nodes.count)
        for output in one.outfeed { needed[output.value.index] = true }
        for place in one.nodes.indices.reversed() where needed[place] {
            for operand in one.nodes[place].operands { needed[operand.index] = true }
        }
        return needed
    }

    /// Broadcasts that only feed arithmetic whose other operand has the whole shape: ONNX stretches these by itself.
    private func stretchedByUsers(_ needed: [Bool]) -> Set<Int> {
        func isBroadcast(_ value: ValueID) -> Bool { if case .broadcast = one[value].op { true } else { false } }
        var stretched = Set(one.nodes.indices.filter { needed[$0] && isBroadcast(ValueID($0)) })
        for output in one.outfeed { stretched.remove(output.value.index) }
        for (place, node) in one.nodes.enumerated() where needed[place] {
            if case .binary = node.op, node.operands.count(where: isBroadcast) == 1 { continue }
            for operand in node.operands { stretched.remove(operand.index) }
        }
        return stretched
    }

    /// The name of a value's tensor.
    func name(_ value: ValueID) throws(ONNXError) -> String {
        guard let name = names[value.index] else { throw ONNXError(layer: nil, "has a value that nothing computes") }
        return name
    }

    /// A value's shape.
    func shape(_ value: ValueID) throws(ONNXError) -> BatchShape {
        guard let shape = BatchShape(one[value].type.shape, other[value].type.shape) else {
            throw refused(value.index, "has a shape that does not follow the batch by a factor")
        }
        return shape
    }

    /// The error of a node.
    func refused(_ place: Int, _ detail: String) -> ONNXError {
        ONNXError(layer: Self.scope(of: one.nodes[place].name), detail)
    }

    /// What is in front of the last slash of a name.
    private static func scope(of name: String) -> String {
        name.lastIndex(of: "/").map { String(name[..<$0]) } ?? name
    }

    /// A tensor that has the numbers of a shape, for operations that take one.
    mutating func shapeTensor(_ shape: BatchShape) -> String {
        if shape.isFixed { return graph.integers(shape.known.compactMap(\.self)) }
        let parts = shape.extents.map { extent -> String in
            switch extent {
            case .fixed(let number): graph.integers([number])
            case .batches(let factor): rows(times: factor)
            }
        }
        return parts.count == 1 ? parts[0] : graph.add("Concat", parts, ["axis": .integer(0)])
    }

    /// So many times the batch's rows, as a list of one number.
    private mutating func rows(times factor: Int) -> String {
        let rows = batchRows()
        return factor == 1 ? rows : graph.add("Mul", [rows, graph.integers([factor])])
    }

    private mutating func batchRows() -> String {
        if let batch { return batch }
        // Every input's first axis is the batch.
        let shape = graph.add("Shape", [inputs.first ?? ""])
        let rows = graph.add(
            "Slice", [shape, graph.integers([0]), graph.integers([1]), graph.integers([0])])
        batch = rows
        return rows
    }

    // MARK: Nodes

    private mutating func node(_ place: Int, _ variable: (Variable) throws -> [UInt8]?) throws -> String {
        let node = one.nodes[place]
        guard node.op.kind == other.nodes[place].op.kind, node.operands == other.nodes[place].operands else {
            throw refused(place, "computes something else for batches of another size")
        }
        switch node.op {
        case .infeed(let index): return inputs[index]
        case .constant(let literal):
            guard case .constant(literal) = other.nodes[place].op else { return try stretched(place, literal) }
            return graph.tensor(literal)
        case .readVariable(let index):
            if let known = variables[index] { return known }
            let definition = one.variables[index]
            guard let bytes = try variable(definition) else {
                throw ONNXError(
                    layer: Self.scope(of: definition.name), "has no value of its variable \(definition.name)")
            }
            let name = graph.tensor(Literal(type: definition.type, bytes: bytes), name: definition.name)
            variables[index] = name
            return name
        case .iota(let type, let axis): return try iota(place, type, axis)
        case .replicaIndex: return graph.scalar(0, .int32)
        default: return try operation(place, node, try node.operands.map { value throws(ONNXError) in try name(value) })
        }
    }

    /// A constant whose elements are all the same, of a shape that follows the batch.
    private mutating func stretched(_ place: Int, _ literal: Literal) throws(ONNXError) -> String {
        guard let value = literal.splat, case .constant(let second) = other.nodes[place].op, second.splat == value
        else {
            throw refused(place, "has numbers that depend on the size of the batch")
        }
        let scalar = graph.scalar(value, literal.type.dtype)
        return graph.add("Expand", [scalar, shapeTensor(try shape(ValueID(place)))])
    }

    private mutating func iota(_ place: Int, _ type: TensorType, _ axis: Int) throws(ONNXError) -> String {
        let shape = try shape(ValueID(place))
        guard case .fixed(let count) = shape.extents[axis] else {
            throw refused(place, "counts the rows of the batch, which has no fixed number here")
        }
        var extents = [Int](repeating: 1, count: type.shape.rank)
        extents[axis] = count
        let numbers = graph.tensor(
            Literal(type: TensorType(type.dtype, Shape(extents)), integers: (0..<count).map { Int64($0) }))
        return graph.add("Expand", [numbers, shapeTensor(shape)])
    }

    /// A broadcast, unless those who use it stretch it.
    mutating func broadcast(_ place: Int, _ dimensions: [Int], _ operand: String) throws(ONNXError) -> String {
        let result = try shape(ValueID(place))
        let given = try shape(one.nodes[place].operands[0])
        var aligned = [BatchShape.Extent](repeating: .fixed(1), count: result.extents.count)
        for (axis, target) in dimensions.enumerated() { aligned[target] = given.extents[axis] }
        var name = operand
        // Leading axes of one cell are ONNX's to add.
        let isTrailing = dimensions == Array((result.extents.count - dimensions.count)..<result.extents.count)
        if !isTrailing { name = try reshape(place, name, aligned) }
        if unstretched.contains(place) || aligned == result.extents { return name }
        return graph.add("Expand", [name, shapeTensor(result)])
    }

    /// The same elements in another shape.
    mutating func reshape(_ place: Int, _ operand: String, _ extents: [BatchShape.Extent]) throws(ONNXError) -> String {
        let following = extents.count { if case .batches = $0 { true } else { false } }
        guard following == 1, !extents.contains(.fixed(0)) else {
            var name = ""
            if following == 0 {
                name = graph.integers(extents.map { if case .fixed(let extent) = $0 { extent } else { -1 } })
            } else {
                guard let shape = BatchShape(extents) else { throw refused(place, "has a shape without extents") }
                name = shapeTensor(shape)
            }
            return graph.add("Reshape", [operand, name], ["allowzero": .integer(1)])
        }
        // The one that follows the batch is what is left.
        let shape = graph.integers(extents.map { if case .fixed(let extent) = $0 { extent } else { -1 } })
        return graph.add("Reshape", [operand, shape])
    }
}

extension BatchShape {
    /// A shape of these extents; nil without any.
    init?(_ extents: [Extent]) {
        if extents.isEmpty { return nil }
        self.extents = extents
    }
}
