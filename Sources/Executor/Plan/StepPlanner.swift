import CKernels
import Graph

/// From works and their stages to a plan: which values get memory of their own, and the steps with their places.
struct StepPlanner {
    let program: Program
    let list: WorkList
    let schedule: Schedule
    let fault: FaultFlag
    /// Chunk works that run together.
    let groups: ChunkGroups
    /// Values that the step's end looks at.
    let kept: Set<Int>
    /// Works that read each value.
    let readers: [Int: [Int]]
    /// Nodes that read each variable.
    let variableReads: [[Int]]
    /// The position of each variable's assignment in the program's order.
    private let orders: [Int: Int]
    var buffers: BufferTable
    var arenaBytes = 0
    var blockBytes = 0
    var scratchBytes = 0
    var pointers = 8

    var graph: LaneGraph { list.graph }
    var works: [Work] { schedule.works }

    /// Plans a program: where the plan takes more than `options.memoryBytes`, results are computed again to the least
    /// ``Recomputation`` with which it fits, or else to the one with the smallest plan. Throws `unsupported` for an op that an
    /// element type doesn't have.
    static func plan(
        _ program: Program, _ options: ExecutorOptions, fault: FaultFlag
    ) throws(ExecutorError) -> StepPlan {
        let graph = LaneGraph(program, replicas: options.replicas, keepsBFloat16: options.multipliesBFloat16)
        // The same for all, as it fixes the order of sums.
        let cut = LaneCut(
            batch: max(1, graph.rules.batch), replicas: options.replicas, lanes: options.lanes, work: SampleWork(graph))
        func plan(_ graph: LaneGraph, _ extent: Recomputation?) throws(ExecutorError) -> (plan: StepPlan, bytes: Int) {
            var planner = StepPlanner(program, WorkList(graph, cut: cut), fault)
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

    private init(_ program: Program, _ list: WorkList, _ fault: FaultFlag) {
        self.program = program
        self.list = list
        self.fault = fault
        schedule = Schedule(list)
        let graph = list.graph
        kept = Set(((graph.loss.map { [$0] } ?? []) + graph.outfeed).map { list.storage(of: $0) })
        var readers: [Int: [Int]] = [:]
        for (index, work) in schedule.works.enumerated() {
            for read in work.reads { readers[read.value, default: []].append(index) }
        }
        self.readers = readers
        variableReads = graph.variableReads
        var orders: [Int: Int] = [:]
        for (order, value) in program.assignments.enumerated() {
            if case .assign(let variable) = program[value].op { orders[variable] = order }
        }
        self.orders = orders
        groups = ChunkGroups(schedule, graph)
        buffers = BufferTable(
            list, program: program,
            inPlace: groups.variablesInPlace(schedule, graph, readers: readers, kept: kept))
    }

    private mutating func plan(_ recomputation: Recomputation?) throws(ExecutorError) -> StepPlan {
        var stages: [StepPlan.Stage] = []
        for members in schedule.members {
            switch works[members[0]].kind {
            case .serial: stages.append(.serial(try wholeSteps(members)))
            case .lane: stages.append(.lanes(try laneSteps(members)))
            case .replica: stages.append(.replicas(try wholeSteps(members)))
            case .chunk:
                let (groups, tasks) = try chunkGroups(members)
                stages.append(.chunks(groups, tasks))
            }
        }
        let loss = graph.loss.map {
            (buffer: buffers.number(of: list.storage(of: $0)), dtype: graph.nodes[$0.index].type.dtype)
        }
        let outfeed = graph.outfeed.map { whole(list.storage(of: $0)) }
        let assigned = Set(program.assignmentByVariable.keys)
        return StepPlan(
            stages: stages, cut: list.cut, batch: graph.rules.batch, buffers: placement(),
            contents: buffers.contents,
            variables: program.variables.indices.map { index in
                let next = buffers.next(index)
                return (index, assigned.contains(index) && next != index ? next : nil)
            },
            variableCopies: program.variables.indices.map { list.copies(ofVariable: $0) },
            foldedSums: list.folded.count, firstInfeed: buffers.infeed(0), loss: loss, outfeed: outfeed,
            workerSize: WorkerSize(arena: arenaBytes, block: blockBytes, scratch: scratchBytes, pointers: pointers),
            nodes: graph.nodes, recomputation: recomputation)
    }

    /// Where the buffers lie that have been asked for: those of values by the stages that make and read them.
    private func placement() -> BufferPlacement {
        var requests = buffers.sizes.map { BufferPlacement.Request(bytes: $0, stages: nil) }
        for (value, number) in buffers.values {
            guard let producer = schedule.producers[value] else { continue }
            let first = works[producer].stage
            let last = kept.contains(value) ? .max : (readers[value] ?? []).map { works[$0].stage }.max() ?? first
            requests[number] = BufferPlacement.Request(bytes: buffers.sizes[number], stages: first...last)
        }
        return BufferPlacement(requests)
    }

    /// The place of an assignment in the program's order.
    func order(ofVariable variable: Int) -> Int { orders[variable] ?? program.assignments.count }

    // MARK: Whole steps

    /// A value's buffer as a whole step sees it.
    mutating func whole(_ value: Int) -> WholeBufferSlice {
        let isShared = value < graph.nodes.count && graph.layouts[value] == .uniform
        let bytes = value < graph.nodes.count ? graph.nodes[value].type.byteCount : 0
        return WholeBufferSlice(buffer: buffers.number(of: value), stride: isShared ? 0 : bytes)
    }

    private mutating func wholeSteps(_ members: [Int]) throws(ExecutorError) -> [WholeStep] {
        var steps: [WholeStep] = []
        for index in members { steps.append(try wholeStep(works[index])) }
        return steps
    }

    private mutating func wholeStep(_ work: Work) throws(ExecutorError) -> WholeStep {
        let node = graph.nodes[work.node]
        var operands = work.reads.map { whole($0.value) }
        pointers = max(pointers, operands.count)
        let body: WholeStep.Body
        switch work.body {
        case .assign(let variable):
            let stride = list.copies(ofVariable: variable) == 1 ? 0 : node.type.byteCount
            return WholeStep(
                node: work.node,
                body: .store(
                    node.type.dtype, count: node.type.count, order: order(ofVariable: variable), fault),
                operands: operands, result: WholeBufferSlice(buffer: buffers.next(variable), stride: stride),
                copies: list.copies(ofVariable: variable))
        case .merge(let reduction):
            let bytes = node.type.byteCount
            let isFolded = list.folded[reduction] != nil
            let parts = isFolded ? list.cut.lanes.count : list.cut.segmentsPerReplica
            pointers = max(pointers, parts)
            operands = [WholeBufferSlice(buffer: operands[0].buffer, stride: isFolded ? 0 : parts * bytes)]
            body = .merge(merge(reduction, node), parts: parts, stride: bytes)
        case .sumOverReplicas:
            pointers = max(pointers, graph.replicas)
            body = .merge(
                Merge(reduction: .sum, dtype: node.type.dtype, count: node.type.count), parts: graph.replicas,
                stride: operands[0].stride)
            operands = [WholeBufferSlice(buffer: operands[0].buffer, stride: 0)]
        case .sumOverGroups(let groups):
            pointers = max(pointers, groups.size)
            body = .groupSum(
                Merge(reduction: .sum, dtype: node.type.dtype, count: node.type.count), groups,
                stride: operands[0].stride)
            operands = [WholeBufferSlice(buffer: operands[0].buffer, stride: 0)]
        case .compute, .partial:
            if let elementwise = try Elementwise(node, operands: operandTypes(work.node)) {
                body = .elementwise(
                    elementwise, count: node.type.count, isScalar: work.reads.map { $0.access == .scalar })
            } else {
                let (kernel, rows) = try KernelTable.kernel(
                    node, operands: operandTypes(work.node), sharesUpstream: work.reads.last?.access == .scalar)
                scratchBytes = max(scratchBytes, kernel.scratchBytes(rows: rows))
                body = .kernel(kernel, rows: rows)
            }
        }
        return WholeStep(
            node: work.node, body: body, operands: operands, result: whole(work.node),
            copies: list.copies(of: work.node))
    }

    func merge(_ reduction: Int, _ node: Node) -> Merge {
        // Only reductions have shares.
        Merge(reduction: list.reduction(reduction) ?? .sum, dtype: node.type.dtype, count: node.type.count)
    }

    func operandTypes(_ node: Int) -> [TensorType] { graph.nodes[node].operands.map { graph.nodes[$0.index].type } }
}
