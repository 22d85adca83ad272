import CKernels
import Graph

/// From instructions and their regions to a plan: which values get memory of their own, and the steps with their addresses.
struct StepPlanner {
    let program: Program
    let lowering: Lowering
    let schedule: Schedule
    let fault: FaultFlag
    /// Chunk instructions that run together.
    let groups: ChunkGroups
    /// Live-out values: the step's end looks at them.
    let liveOut: Set<LoweredValue>
    /// Instructions that read each value.
    let users: [LoweredValue: [InstructionID]]
    /// Nodes that read each variable.
    let variableReads: [[ValueID]]
    /// The position of each variable's assignment in the program's order.
    private let orders: [Int: Int]
    var buffers: BufferTable
    var arenaBytes = 0
    var blockBytes = 0
    var scratchBytes = 0
    var pointers = 8

    var graph: LaneGraph { lowering.graph }
    var instructions: [Instruction] { schedule.instructions }

    /// Plans a program: where the plan takes more than `options.memoryBytes`, results are computed again to the least
    /// ``Recomputation`` with which it fits, or else to the one with the smallest plan. Throws `unsupported` for an op that an
    /// element type doesn't have.
    static func plan(
        _ program: Program, _ options: ExecutorOptions, fault: FaultFlag
    ) throws(ExecutorError) -> StepPlan {
        let graph = LaneGraph(program, replicas: options.replicas, keepsBFloat16: options.multipliesBFloat16)
        // The same for all, as it fixes the order of sums.
        let partition = LanePartition(
            batch: max(1, graph.rules.batch), replicas: options.replicas, lanes: options.lanes, chains: options.chains,
            cost: SampleCost(graph))
        func plan(_ graph: LaneGraph, _ extent: Recomputation?) throws(ExecutorError) -> (plan: StepPlan, bytes: Int) {
            var planner = StepPlanner(program, Lowering(graph, partition: partition), fault)
            let plan = try planner.plan(extent)
            return (plan, PlanMemory(plan, program, options).bytes)
        }
        var best = try plan(graph, nil)
        for extent in Recomputation.allCases where best.bytes > options.memoryBytes ?? .max {
            guard let again = graph.recomputing(extent) else { continue }
            let other = try plan(again, extent)
            if other.bytes < best.bytes { best = other }
        }
        return best.plan
    }

    private init(_ program: Program, _ lowering: Lowering, _ fault: FaultFlag) {
        self.program = program
        self.lowering = lowering
        self.fault = fault
        schedule = Schedule(lowering)
        let graph = lowering.graph
        liveOut = Set(((graph.loss.map { [$0] } ?? []) + graph.outfeed).map { .result(lowering.storage(of: $0)) })
        var users: [LoweredValue: [InstructionID]] = [:]
        for id in InstructionID.all(in: schedule.instructions) {
            for argument in schedule.instructions[id].arguments { users[argument.value, default: []].append(id) }
        }
        self.users = users
        variableReads = graph.variableReads
        var orders: [Int: Int] = [:]
        for (order, value) in program.assignments.enumerated() {
            if case .assign(let variable) = program[value].op { orders[variable] = order }
        }
        self.orders = orders
        groups = ChunkGroups(schedule, graph)
        buffers = BufferTable(
            lowering, program: program,
            inPlace: groups.variablesInPlace(schedule, graph, users: users, liveOut: liveOut))
    }

    private mutating func plan(_ recomputation: Recomputation?) throws(ExecutorError) -> StepPlan {
        var regions: [StepPlan.Region] = []
        for members in schedule.members {
            switch instructions[members[0]].grid {
            case .serial: regions.append(.serial(try wholeSteps(members)))
            case .lane: regions.append(.lanes(try laneSteps(members)))
            case .replica: regions.append(.replicas(try wholeSteps(members)))
            case .chunk:
                let (groups, tasks) = try chunkGroups(members)
                regions.append(.chunks(groups, tasks))
            }
        }
        let loss = graph.loss.map {
            (buffer: buffers.buffer(of: .result(lowering.storage(of: $0))), dtype: graph[$0].type.dtype)
        }
        let outfeed = graph.outfeed.map { whole(.result(lowering.storage(of: $0))) }
        let assigned = graph.assigned
        return StepPlan(
            regions: regions, partition: lowering.partition, batch: graph.rules.batch, buffers: placement(),
            contents: buffers.contents,
            variables: graph.variables.indices.map { variable in
                let (current, next) = (buffers.current(variable), buffers.next(variable))
                return (current, assigned.contains(variable) && next != current ? next : nil)
            },
            variableCopies: graph.variables.indices.map { lowering.copies(ofVariable: $0) },
            narrowCopies: graph.narrowCopies,
            accumulatedSums: lowering.accumulated.count, infeed: program.infeed.indices.map { buffers.infeed($0) },
            loss: loss, outfeed: outfeed,
            workerSize: WorkerSize(arena: arenaBytes, block: blockBytes, scratch: scratchBytes, pointers: pointers),
            nodes: graph.nodes, recomputation: recomputation)
    }

    /// Where the buffers lie that have been asked for: those of values by the regions that make and read them.
    private func placement() -> BufferPlacement {
        var requests = buffers.sizes.map { BufferPlacement.Request(bytes: $0, regions: nil) }
        // Behind the last region.
        let end = RegionID(schedule.members.count)
        for (value, buffer) in buffers.values {
            guard let producer = schedule.producers[value] else { continue }
            let first = schedule.regions[producer]
            let last = liveOut.contains(value) ? end : users[value]?.map { schedule.regions[$0] }.max() ?? first
            requests[buffer] = BufferPlacement.Request(bytes: buffers.sizes[buffer], regions: first...last)
        }
        return BufferPlacement(requests)
    }

    /// The position of an assignment in the program's order.
    func order(ofVariable variable: Int) -> Int { orders[variable] ?? program.assignments.count }

    // MARK: Whole steps

    /// A value's buffer as a whole step sees it.
    mutating func whole(_ value: LoweredValue) -> WholeBufferSlice {
        let isShared = graph.layout(of: value) == .uniform
        let bytes = value.node.map { graph[$0].type.byteCount } ?? 0
        return WholeBufferSlice(buffer: buffers.buffer(of: value), stride: isShared ? 0 : bytes)
    }

    private mutating func wholeSteps(_ members: [InstructionID]) throws(ExecutorError) -> [WholeStep] {
        var steps: [WholeStep] = []
        for id in members { steps.append(try wholeStep(instructions[id])) }
        return steps
    }

    private mutating func wholeStep(_ instruction: Instruction) throws(ExecutorError) -> WholeStep {
        let node = graph[instruction.node]
        var operands = instruction.arguments.map { whole($0.value) }
        pointers = max(pointers, operands.count)
        let body: WholeStep.Body
        switch instruction.body {
        case .assign(let variable):
            let stride = lowering.copies(ofVariable: variable) == 1 ? 0 : node.type.byteCount
            return WholeStep(
                node: instruction.node,
                body: .store(
                    node.type.dtype, count: node.type.count, order: order(ofVariable: variable), fault),
                operands: operands, result: WholeBufferSlice(buffer: buffers.next(variable), stride: stride),
                copies: lowering.copies(ofVariable: variable))
        case .merge(let reduction):
            let bytes = node.type.byteCount
            let isAccumulated = lowering.accumulated[reduction] != nil
            let arrays = lowering.partialCount(of: reduction)
            pointers = max(pointers, arrays)
            operands = [WholeBufferSlice(buffer: operands[0].buffer, stride: isAccumulated ? 0 : arrays * bytes)]
            body = .merge(merge(reduction, node), arrays: arrays, stride: bytes)
        case .sumOverReplicas:
            pointers = max(pointers, graph.replicas)
            body = .merge(
                Merge(reduction: .sum, dtype: node.type.dtype, count: node.type.count), arrays: graph.replicas,
                stride: operands[0].stride)
            operands = [WholeBufferSlice(buffer: operands[0].buffer, stride: 0)]
        case .sumOverGroups(let groups):
            pointers = max(pointers, groups.size)
            body = .groupSum(
                Merge(reduction: .sum, dtype: node.type.dtype, count: node.type.count), groups,
                stride: operands[0].stride)
            operands = [WholeBufferSlice(buffer: operands[0].buffer, stride: 0)]
        case .compute, .partial:
            if let elementwise = try Elementwise(node, operands: graph.operandTypes(of: instruction.node)) {
                body = .elementwise(
                    elementwise, count: node.type.count, isScalar: instruction.arguments.map { $0.indexing == .scalar })
            } else {
                let (kernel, rows) = try KernelTable.kernel(
                    node, operands: graph.operandTypes(of: instruction.node),
                    sharesUpstream: instruction.arguments.last?.indexing == .scalar)
                scratchBytes = max(scratchBytes, kernel.scratchBytes(rows: rows))
                body = .kernel(kernel, rows: rows)
            }
        }
        return WholeStep(
            node: instruction.node, body: body, operands: operands, result: whole(.result(instruction.node)),
            copies: lowering.copies(of: instruction.node))
    }

    func merge(_ reduction: ValueID, _ node: Node) -> Merge {
        // Only reductions have partial sums.
        Merge(reduction: lowering.reduction(reduction) ?? .sum, dtype: node.type.dtype, count: node.type.count)
    }
}
