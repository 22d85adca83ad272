import Graph

/// The buffers that a plan uses: variables' current and next values, infeed elements, and one buffer for each value that
/// outlives its region.
struct BufferTable {
    private let lowering: Lowering
    /// The buffers of values.
    private(set) var values: [LoweredValue: BufferID] = [:]
    /// Bytes of each buffer; 0 for infeed elements, and for the next value of variables that are updated in place.
    private(set) var sizes: [Int]
    /// What constant buffers hold.
    private(set) var contents: [BufferID: [UInt8]] = [:]
    /// Variables whose next value overwrites the current one.
    private let inPlace: Set<Int>
    private let variableCount: Int

    /// The buffers of a program; the rest is added as it is asked for.
    init(_ lowering: Lowering, program: Program, inPlace: Set<Int>) {
        self.lowering = lowering
        self.inPlace = inPlace
        let types = lowering.graph.variableTypes
        variableCount = types.count
        let current = types.indices.map {
            types[$0].byteCount.multiplied(saturating: lowering.copies(ofVariable: $0))
        }
        let assigned = lowering.graph.assigned
        let next = current.indices.map { assigned.contains($0) && !inPlace.contains($0) ? current[$0] : 0 }
        sizes = current + next + program.infeed.map { _ in 0 }
    }

    /// The buffer of a variable's value at the step's start.
    func current(_ variable: Int) -> BufferID { BufferID(variable) }

    /// The buffer that a variable's new value is written to.
    func next(_ variable: Int) -> BufferID {
        BufferID(inPlace.contains(variable) ? variable : variableCount + variable)
    }

    /// The buffer of an infeed element.
    func infeed(_ element: Int) -> BufferID { BufferID(2 * variableCount + element) }

    /// The buffer of a value.
    mutating func buffer(of value: LoweredValue) -> BufferID {
        if let known = values[value] { return known }
        let op = value.node.map { lowering.graph[$0].op }
        if case .readVariable(let variable)? = op { return current(variable) }
        if case .infeed(let element)? = op { return infeed(element) }
        let new = BufferID(sizes.count)
        values[value] = new
        sizes.append(max(1, lowering.byteCount(of: value)))
        if case .constant(let literal)? = op { contents[new] = literal.bytes }
        if op == .replicaIndex {
            contents[new] = (0..<Int32(lowering.graph.replicas)).flatMap { index in
                withUnsafeBytes(of: index.littleEndian) { [UInt8]($0) }
            }
        }
        return new
    }
}

extension Lowering {
    /// How many values of a variable there are.
    func copies(ofVariable index: Int) -> Int { graph.variables[index] == .uniform ? 1 : graph.replicas }

    /// How many values of one core's size a node's value has.
    func copies(of value: ValueID) -> Int { graph.layouts[value] == .uniform ? 1 : graph.replicas }

    /// Bytes of a value over all cores.
    func byteCount(of value: LoweredValue) -> Int {
        switch value {
        case .result(let node): graph[node].type.byteCount.multiplied(saturating: copies(of: node))
        case .partials(let reduction):
            graph[reduction].type.byteCount.multiplied(
                saturating: partialCount(of: reduction) * (accumulated[reduction] == nil ? graph.replicas : 1))
        }
    }
}
