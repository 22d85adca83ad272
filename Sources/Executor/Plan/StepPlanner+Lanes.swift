import Graph

extension StepPlanner {
    /// A step of a lane in the making: one kernel, or elementwise works of one domain.
    private struct Draft {
        var works: [Int]
        /// The loops that the group runs in; nil for a kernel.
        var nest: LoopNest?
    }

    /// The steps of a lane stage, in order, with the arena's places for what stays in the lane.
    mutating func laneSteps(_ members: [Int]) throws(ExecutorError) -> [any LaneStep] {
        let drafts = draft(members)
        var stepOf: [Int: Int] = [:]
        for (step, draft) in drafts.enumerated() { for index in draft.works { stepOf[index] = step } }
        let places = placeLocals(members, stepOf)
        var steps: [any LaneStep] = []
        for draft in drafts {
            if let nest = draft.nest {
                steps.append(try group(draft.works, nest, stepOf, places))
            } else {
                steps.append(try step(works[draft.works[0]], places))
            }
        }
        return steps
    }

    /// Each elementwise work joins the earliest group of as many elements whose loops fit its own and that comes no sooner
    /// than what it reads.
    private func draft(_ members: [Int]) -> [Draft] {
        var drafts: [Draft] = []
        var stepOf: [Int: Int] = [:]
        let inside = Set(members)
        /// The step of the last work that keeps the nodes' order.
        var ordered: Int?
        for index in members {
            let work = works[index]
            let node = graph.nodes[work.node]
            var earliest =
                work.reads.compactMap { schedule.producers[$0.value] }.filter(inside.contains)
                .compactMap { stepOf[$0] }.max() ?? 0
            let isOrdered = work.node >= graph.orderedFrom ?? .max
            // No sooner than the one before it; the first of them begins a step.
            if isOrdered { earliest = max(earliest, ordered ?? drafts.count) }
            defer { if isOrdered { ordered = stepOf[index] } }
            guard case .compute = work.body, node.op.isElementwise else {
                stepOf[index] = drafts.count
                drafts.append(Draft(works: [index], nest: nil))
                continue
            }
            let cuts = work.reads.flatMap { $0.access.stretch?.cuts ?? [] }
            let count = node.type.count / graph.rules.batch
            let found = (earliest..<drafts.count).first { place in
                guard drafts[place].nest?.count == count else { return false }
                // What is stretched is read from memory, so its group must be over.
                return !(place == earliest && producesStretched(work, place, stepOf))
                    && drafts[place].nest?.join(cuts) == true
            }
            if let found {
                drafts[found].works.append(index)
                stepOf[index] = found
            } else {
                stepOf[index] = drafts.count
                // A stretched operand whose loops make no nest is not seen through.
                drafts.append(Draft(works: [index], nest: LoopNest(count: count, cuts: cuts)))
            }
        }
        return drafts
    }

    /// True where a work reads stretched what a step makes.
    private func producesStretched(_ work: Work, _ step: Int, _ stepOf: [Int: Int]) -> Bool {
        work.reads.contains { read in
            read.access.stretch != nil && schedule.producers[read.value].map { stepOf[$0] == step } == true
        }
    }

    /// True when no one outside the lane's own stage looks at a value.
    private func isLocal(_ value: Int, _ members: Set<Int>) -> Bool {
        guard value < graph.nodes.count, graph.layouts[value] == .rows, !kept.contains(value) else { return false }
        return (readers[value] ?? []).allSatisfy { reader in
            members.contains(reader) && works[reader].reads.allSatisfy { $0.value != value || $0.access.isByRow }
        }
    }

    /// True when a value is read by its own group alone, as its own rows.
    private func isInBlock(_ value: Int, _ stepOf: [Int: Int]) -> Bool {
        guard !kept.contains(value), let producer = schedule.producers[value], let step = stepOf[producer] else {
            return false
        }
        guard case .compute = works[producer].body, graph.nodes[works[producer].node].op.isElementwise else {
            return false
        }
        return (readers[value] ?? []).allSatisfy { reader in
            stepOf[reader] == step && works[reader].reads.allSatisfy { $0.value != value || $0.access == .rows }
        }
    }

    /// Offsets in the arena: values whose lives don't overlap share memory.
    private mutating func placeLocals(_ members: [Int], _ stepOf: [Int: Int]) -> [Int: BufferSlice] {
        struct Life {
            let value: Int
            let bytes: Int
            let steps: ClosedRange<Int>
        }
        let inside = Set(members)
        var lives: [Life] = []
        for index in members {
            guard let value = works[index].value, isLocal(value, inside), !isInBlock(value, stepOf),
                let first = stepOf[index]
            else { continue }
            let last = (readers[value] ?? []).compactMap { stepOf[$0] }.max() ?? first
            let bytes = (graph.nodes[value].type.byteCount / graph.rules.batch).multiplied(
                saturating: list.cut.longest)
            lives.append(Life(value: value, bytes: bytes.adding(saturating: 63) / 64 * 64, steps: first...last))
        }
        /// What lives at the step at hand, by offset.
        var taken: [(life: Life, offset: Int)] = []
        var places: [Int: BufferSlice] = [:]
        for life in lives.sorted(by: { $0.steps.lowerBound < $1.steps.lowerBound }) {
            taken.removeAll { $0.life.steps.upperBound < life.steps.lowerBound }
            var offset = 0
            for other in taken where other.offset < offset.adding(saturating: life.bytes) {
                offset = max(offset, other.offset.adding(saturating: other.life.bytes))
            }
            taken.insert((life, offset), at: taken.firstIndex { $0.offset > offset } ?? taken.count)
            arenaBytes = max(arenaBytes, offset.adding(saturating: life.bytes))
            places[life.value] = BufferSlice(
                mode: .local, buffer: 0, offset: offset,
                stride: graph.nodes[life.value].type.byteCount / graph.rules.batch)
        }
        return places
    }

    /// Where a lane finds a value.
    private mutating func place(_ read: Read, _ locals: [Int: BufferSlice]) -> BufferSlice {
        if let place = locals[read.value] { return place }
        let buffer = buffers.number(of: read.value)
        let bytes = graph.nodes[read.value].type.byteCount
        guard read.access.isByRow else {
            return graph.layouts[read.value] == .uniform || graph.replicas == 1
                ? BufferSlice(mode: .uniform, buffer: buffer, stride: 0)
                : BufferSlice(mode: .perReplica, buffer: buffer, stride: bytes)
        }
        let isOneBatch = graph.layouts[read.value] == .uniform && graph.replicas > 1
        return BufferSlice(
            mode: isOneBatch ? .oneBatch : .allSamples, buffer: buffer, stride: bytes / graph.rules.batch)
    }

    private mutating func step(_ work: Work, _ locals: [Int: BufferSlice]) throws(ExecutorError) -> any LaneStep {
        let node = graph.nodes[work.node]
        let types = operandTypes(work.node)
        let (kernel, _) = try KernelTable.kernel(
            node, operands: types, sharesUpstream: work.reads.last?.access == .scalar)
        var operands: [BufferSlice] = []
        for read in work.reads { operands.append(place(read, locals)) }
        pointers = max(pointers, operands.count)
        let rowsInSample = (work.body == .partial ? types[0] : node.type).shape[0] / graph.rules.batch
        let rows = rowsInSample.multiplied(saturating: list.cut.longest)
        scratchBytes = max(scratchBytes, kernel.scratchBytes(rows: rows))
        if work.body == .partial, let value = work.value {
            return PartialStep(
                nodes: [work.node], kernel: kernel, operands: operands, buffer: buffers.number(of: value),
                bytes: node.type.byteCount, isFolded: list.folded[work.node] != nil, rowsInSample: rowsInSample)
        }
        return KernelStep(
            node: work.node, kernel: kernel, operands: operands,
            result: place(Read(value: work.node, access: .rows), locals), rowsInSample: rowsInSample)
    }

    private mutating func group(
        _ members: [Int], _ nest: LoopNest, _ stepOf: [Int: Int], _ locals: [Int: BufferSlice]
    ) throws(ExecutorError) -> any LaneStep {
        var builder = GroupBuilder(nest)
        var last: [Int: Int] = [:]
        for (position, index) in members.enumerated() { for read in works[index].reads { last[read.value] = position } }
        let dying = Dictionary(grouping: last.keys.sorted()) { last[$0] ?? 0 }
        for (position, index) in members.enumerated() {
            let work = works[index]
            let node = graph.nodes[work.node]
            let types = operandTypes(work.node)
            guard let elementwise = try Elementwise(node, operands: types) else {
                throw ExecutorError(.unsupported, "only elementwise ops are fused", at: node)
            }
            var sources: [Read: FusedGroup.Source] = [:]
            for (read, type) in zip(work.reads, types) where !isInBlock(read.value, stepOf) {
                let count = read.value < graph.nodes.count ? graph.nodes[read.value].type.count : 0
                sources[read] = builder.source(
                    place(read, locals), read.access, type.dtype, countInSample: count / graph.rules.batch)
            }
            let target =
                isInBlock(work.node, stepOf)
                ? nil
                : builder.source(
                    place(Read(value: work.node, access: .rows), locals), .rows, node.type.dtype,
                    countInSample: nest.count)
            builder.add(elementwise, work, types: types, value: work.node, target: target, dying: dying[position] ?? [])
            { read in
                // Every read that the group does not define itself was given a source above.
                sources[read]!
            }
        }
        let fused = builder.finish()
        blockBytes = max(blockBytes, fused.slotBytes.multiplied(saturating: fused.blockSlots))
        pointers = max(pointers, fused.pointerCount)
        return FusedStep(group: fused, fault: fault)
    }
}
