import Graph

/// Which chunk instructions of a region run together: those of one number of elements that hand values to one another.
struct ChunkGroups {
    /// Instructions of each group, in order; a group's are all of one region.
    private(set) var members: [[InstructionID]] = []
    /// The group of a chunk instruction.
    private(set) var group: [InstructionID: Int] = [:]

    /// The groups of a schedule.
    init(_ schedule: Schedule, _ graph: LaneGraph) {
        let instructions = schedule.instructions
        let chunks = InstructionID.all(in: instructions).filter { instructions[$0].grid == .chunk }
        var parent = Array(InstructionID.all(in: instructions))
        func find(_ id: InstructionID) -> InstructionID {
            var root = id
            while parent[root] != root { root = parent[root] }
            // Shortens the way for whoever asks next.
            var id = id
            while parent[id] != root {
                let next = parent[id]
                parent[id] = root
                id = next
            }
            return root
        }
        for id in chunks {
            for argument in instructions[id].arguments where argument.indexing == .rows {
                guard let producer = schedule.producers[argument.value], instructions[producer].grid == .chunk,
                    schedule.regions[producer] == schedule.regions[id]
                else { continue }
                let (from, to) = (find(id), find(producer))
                parent[from] = to
            }
        }
        var numbers: [InstructionID: Int] = [:]
        for id in chunks {
            let root = find(id)
            let number = numbers[root] ?? members.count
            if numbers[root] == nil {
                numbers[root] = number
                members.append([])
            }
            members[number].append(id)
            group[id] = number
        }
    }

    /// Variables whose new value may overwrite the old one: all that read the old one do so in an earlier region, or
    /// at the same element in the same group, and nothing later can fail, so that a step that fails changes none.
    func variablesInPlace(
        _ schedule: Schedule, _ graph: LaneGraph, users: [LoweredValue: [InstructionID]], liveOut: Set<LoweredValue>
    ) -> Set<Int> {
        var result: Set<Int> = []
        let ids = InstructionID.all(in: schedule.instructions)
        let lastThatMayFail = ids.filter { schedule.instructions[$0].mayFail(graph) }.map { schedule.regions[$0] }.max()
        let variableReads = graph.variableReads
        for id in ids {
            let region = schedule.regions[id]
            guard case .assign(let variable) = schedule.instructions[id].body,
                schedule.instructions[id].grid == .chunk, lastThatMayFail.map({ region > $0 }) ?? true
            else { continue }
            let isSafe = variableReads[variable].map { LoweredValue.result($0) }.allSatisfy { value in
                !liveOut.contains(value)
                    && (users[value] ?? []).allSatisfy { user in
                        let arguments = schedule.instructions[user].arguments
                        let isElementwise = arguments.allSatisfy { $0.value != value || $0.indexing == .rows }
                        return schedule.regions[user] < region || isElementwise && group[user] == group[id]
                    }
            }
            if isSafe { result.insert(variable) }
        }
        return result
    }
}
