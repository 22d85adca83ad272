import Graph

/// Numbers of the buffers that a plan uses: variables' current and next values, infeed elements, and one buffer for
/// each value that outlives its stage.
struct BufferTable {
    private let list: WorkList
    /// The buffers of values, by value.
    private(set) var values: [Int: Int] = [:]
    /// Bytes of each buffer; 0 for infeed elements, and for the next value of variables that are updated in place.
    private(set) var sizes: [Int]
    /// What constant buffers hold.
    private(set) var contents: [Int: [UInt8]] = [:]
    /// Variables whose next value overwrites the current one.
    private let inPlace: Set<Int>
    private let variableCount: Int

    /// The buffers of a program; the rest is added as it is asked for.
    init(_ list: WorkList, program: Program, inPlace: Set<Int>) {
        self.list = list
        self.inPlace = inPlace
        variableCount = program.variables.count
        let current = program.variables.indices.map {
            program.variables[$0].type.byteCount.multiplied(saturating: list.copies(ofVariable: $0))
        }
        let assigned = Set(program.assignmentByVariable.keys)
        let next = current.indices.map { assigned.contains($0) && !inPlace.contains($0) ? current[$0] : 0 }
        sizes = current + next + program.infeed.map { _ in 0 }
    }

    /// The buffer of a variable's value at the step's start.
    func current(_ variable: Int) -> Int { variable }

    /// The buffer that a variable's new value is written to.
    func next(_ variable: Int) -> Int { inPlace.contains(variable) ? variable : variableCount + variable }

    /// The buffer of an infeed element.
    func infeed(_ index: Int) -> Int { 2 * variableCount + index }

    /// The buffer of a value or of a reduction's shares.
    mutating func number(of value: Int) -> Int {
        if let number = values[value] { return number }
        if value < list.graph.nodes.count {
            if case .readVariable(let index) = list.graph.nodes[value].op { return current(index) }
            if case .infeed(let index) = list.graph.nodes[value].op { return infeed(index) }
        }
        let number = sizes.count
        values[value] = number
        sizes.append(max(1, list.byteCount(of: value)))
        if value < list.graph.nodes.count {
            if case .constant(let literal) = list.graph.nodes[value].op { contents[number] = literal.bytes }
            if list.graph.nodes[value].op == .replicaIndex {
                contents[number] = (0..<Int32(list.graph.replicas)).flatMap { index in
                    withUnsafeBytes(of: index.littleEndian) { [UInt8]($0) }
                }
            }
        }
        return number
    }
}

extension WorkList {
    /// How many values of a variable are kept.
    func copies(ofVariable index: Int) -> Int { graph.variables[index] == .uniform ? 1 : graph.replicas }

    /// How many values of one core's size a value has.
    func copies(of value: Int) -> Int { graph.layouts[value] == .uniform ? 1 : graph.replicas }

    /// Bytes of a value over all cores, or of a reduction's shares.
    func byteCount(of value: Int) -> Int {
        guard value >= graph.nodes.count else {
            return graph.nodes[value].type.byteCount.multiplied(saturating: copies(of: value))
        }
        let reduction = value - graph.nodes.count
        let shares = folded[reduction] == nil ? graph.replicas * cut.segmentsPerReplica : cut.lanes.count
        return graph.nodes[reduction].type.byteCount.multiplied(saturating: shares)
    }
}
