import Graph

/// When each instruction of a step runs: in which region. Between two regions all threads meet. Most training steps need
/// one region over lanes and one over chunks.
struct Schedule {
    /// The instructions, in topological order.
    let instructions: [Instruction]
    /// Each region's instructions, in order.
    private(set) var members: [[InstructionID]] = []
    /// The region of each instruction.
    private(set) var regions: [RegionID] = []
    /// Which instruction defines a value.
    let producers: [LoweredValue: InstructionID]
    private let graph: LaneGraph

    /// When a region comes, as long as regions have no numbers: each round has one of each grid, in the grids' order.
    private struct Turn: Hashable, Comparable {
        let round: Int
        let grid: Grid

        static func < (a: Turn, b: Turn) -> Bool { (a.round, a.grid) < (b.round, b.grid) }

        /// The next turn of a grid.
        func next(_ other: Grid) -> Turn { Turn(round: other > grid ? round : round + 1, grid: other) }

        /// The last turn of a grid before this one.
        func last(_ other: Grid) -> Turn { Turn(round: other < grid ? round : round - 1, grid: other) }
    }

    /// Orders the instructions of a lowering: each as early as its arguments allow; those over chunks then as late as their
    /// users allow, so that what belongs to one update meets in one pass over memory; and regions over lanes between which
    /// nothing reads what the first one makes are one, so that it stays with the thread that made it.
    init(_ lowering: Lowering) {
        graph = lowering.graph
        instructions = lowering.instructions
        var producers: [LoweredValue: InstructionID] = [:]
        for id in InstructionID.all(in: instructions) {
            if let value = instructions[id].result { producers[value] = id }
        }
        self.producers = producers
        var turns: [Turn] = []
        var last = Turn(round: 0, grid: .serial)
        for instruction in instructions {
            var turn = earliest(instruction, turns)
            if instruction.grid == .lane, let first = graph.orderedFrom, instruction.node >= first {
                turn = max(last, turn)
                last = turn
            }
            turns.append(turn)
        }
        delayChunks(&turns)
        joinLanes(&turns)
        let byTurn = Dictionary(grouping: InstructionID.all(in: instructions)) { turns[$0] }
        let present = byTurn.keys.sorted()
        members = present.compactMap { byTurn[$0] }
        let numbers = Dictionary(uniqueKeysWithValues: zip(present, RegionID.all(in: present)))
        regions = turns.compactMap { numbers[$0] }
    }

    /// Whether an instruction may read a value in the region in which it is made.
    private func mayShareRegion(_ user: Instruction, _ argument: Argument, _ producer: Instruction) -> Bool {
        guard user.grid == producer.grid else { return false }
        switch user.grid {
        case .serial: return true
        case .replica:
            // One core's task must not read what another's may still write.
            if case .sumOverGroups = user.body { return false }
            return true
        case .lane: return argument.indexing.isByRow && graph.layout(of: argument.value) == .rows
        case .chunk: return argument.indexing == .rows
        }
    }

    /// The first turn of an instruction, given those of the ones before it.
    private func earliest(_ instruction: Instruction, _ turns: [Turn]) -> Turn {
        var turn = Turn(round: 0, grid: instruction.grid)
        for argument in instruction.arguments {
            guard let producer = producers[argument.value] else { continue }
            let shared = mayShareRegion(instruction, argument, instructions[producer])
            turn = max(turn, shared ? turns[producer] : turns[producer].next(instruction.grid))
        }
        return turn
    }

    /// Moves all of a region over lanes to the next one where every reader of what it makes is in one of the two.
    private func joinLanes(_ turns: inout [Turn]) {
        var readers = [[(user: InstructionID, argument: Argument)]](repeating: [], count: instructions.count)
        for id in InstructionID.all(in: instructions) {
            for argument in instructions[id].arguments {
                if let producer = producers[argument.value] { readers[producer].append((id, argument)) }
            }
        }
        let lanes = InstructionID.all(in: instructions).filter { instructions[$0].grid == .lane }
        var members: [Turn: [InstructionID]] = [:]
        for id in lanes { members[turns[id], default: []].append(id) }
        let order = members.keys.sorted()
        for (turn, next) in zip(order, order.dropFirst()) {
            let moved = members[turn] ?? []
            var isReadBetween = false
            for id in moved {
                for (user, argument) in readers[id] where turns[user] != turn && turns[user] <= next {
                    isReadBetween =
                        isReadBetween || turns[user] < next
                        || !mayShareRegion(instructions[user], argument, instructions[id])
                }
            }
            if isReadBetween { continue }
            for id in moved { turns[id] = next }
            members[next, default: []] += moved
        }
    }

    private func delayChunks(_ turns: inout [Turn]) {
        var latest = [Turn?](repeating: nil, count: instructions.count)
        for id in InstructionID.all(in: instructions).reversed() {
            if instructions[id].grid == .chunk, let limit = latest[id], limit > turns[id] { turns[id] = limit }
            for argument in instructions[id].arguments {
                guard let producer = producers[argument.value], instructions[producer].grid == .chunk else { continue }
                let shared = mayShareRegion(instructions[id], argument, instructions[producer])
                let limit = shared ? turns[id] : turns[id].last(.chunk)
                latest[producer] = latest[producer].map { min($0, limit) } ?? limit
            }
        }
    }
}
