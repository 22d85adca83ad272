import Graph

extension StepPlanner {
    /// Elements of a chunk task: some blocks, so that taking a task costs little beside doing it, and no more tasks than a
    /// list holds with ease.
    private static func taskElements(of count: Int) -> Int {
        FusedGroup.blockElements * max(8, count / FusedGroup.blockElements / 65_536)
    }

    /// The groups of a chunk stage and the tasks that they are cut into.
    mutating func chunkGroups(_ members: [Int]) throws(ExecutorError) -> ([FusedGroup], [StepPlan.ChunkTask]) {
        var result: [FusedGroup] = []
        var tasks: [StepPlan.ChunkTask] = []
        let present = Set(members)
        for group in groups.members where present.contains(group[0]) {
            let count = graph.nodes[works[group[0]].node].type.count
            let taskElements = StepPlanner.taskElements(of: count)
            for first in stride(from: 0, to: count, by: taskElements) {
                tasks.append(
                    StepPlan.ChunkTask(group: result.count, elements: first..<min(count, first + taskElements)))
            }
            let fused = try chunkGroup(group)
            blockBytes = max(blockBytes, fused.slotBytes.multiplied(saturating: fused.blockSlots))
            pointers = max(pointers, fused.pointerCount)
            result.append(fused)
        }
        return (result, tasks)
    }

    private mutating func chunkGroup(_ group: [Int]) throws(ExecutorError) -> FusedGroup {
        // All elements are one sample.
        var builder = GroupBuilder(nest(group))
        let inside = Set(group)
        let targets = storeTargets(group)
        let lastReader = lastReaders(group)
        var stores: [Work] = []
        for (position, index) in group.enumerated() {
            let work = works[index]
            let node = graph.nodes[work.node]
            if case .assign = work.body {
                stores.append(work)
                continue
            }
            // Every chunk work but an assignment defines a value.
            let value = work.value!
            var target = targets[value].map { variable(into: $0, node.type, builder) }
            let isSeen = kept.contains(value) || (readers[value] ?? []).contains { !inside.contains($0) }
            if target == nil, isSeen { target = source(Read(value: value, access: .rows), node.type, builder) }
            let copies = target != nil && targets[value] != nil && isSeen
            try add(work, value, target, to: &builder, dying: lastReader[position] ?? [])
            if copies {
                let memory = source(Read(value: value, access: .rows), node.type, builder)
                builder.addCopy(Read(value: value, access: .rows), dtype: node.type.dtype, to: memory) { _ in memory }
            }
        }
        for work in stores {
            guard case .assign(let index) = work.body else { continue }
            let type = graph.nodes[work.node].type
            let target = variable(into: index, type, builder)
            let read = work.reads[0]
            if targets[read.value] != index {
                let operand = source(read, type, builder)
                builder.addCopy(read, dtype: type.dtype, to: target) { _ in operand }
            }
            builder.addCheck(type.dtype, order: order(ofVariable: index), at: target)
        }
        return builder.finish()
    }

    private mutating func add(
        _ work: Work, _ value: Int, _ target: FusedGroup.Source?, to builder: inout GroupBuilder, dying: [Int]
    ) throws(ExecutorError) {
        let node = graph.nodes[work.node]
        switch work.body {
        case .merge(let reduction):
            builder.addMerge(
                merge(reduction, node), buffer: buffers.number(of: work.reads[0].value), parts: list.cut.lanes.count,
                stride: node.type.byteCount, value: value, target: target)
        case .sumOverReplicas:
            let place = whole(work.reads[0].value)
            builder.addMerge(
                Merge(reduction: .sum, dtype: node.type.dtype, count: node.type.count), buffer: place.buffer,
                parts: graph.replicas, stride: place.stride, value: value, target: target)
        case .compute, .partial, .assign, .sumOverGroups:
            let types = operandTypes(work.node)
            guard let elementwise = try Elementwise(node, operands: types) else {
                throw ExecutorError(.unsupported, "only elementwise ops are cut into chunks", at: node)
            }
            var sources: [Read: FusedGroup.Source] = [:]
            for (read, type) in zip(work.reads, types)
            where schedule.producers[read.value].map({ works[$0] })
                .map({ $0.kind != .chunk || $0.stage != work.stage || read.access != .rows || isInMemory(read.value) })
                ?? true
            {
                sources[read] = source(read, type, builder)
            }
            builder.add(elementwise, work, types: types, value: value, target: target, dying: dying) { read in
                // Every read that the group does not define itself was given a source above.
                sources[read]!
            }
        }
    }

    /// True when a chunk value also has a buffer of its own.
    private func isInMemory(_ value: Int) -> Bool {
        guard let producer = schedule.producers[value] else { return true }
        return kept.contains(value)
            || (readers[value] ?? []).contains { groups.group[$0] != groups.group[producer] }
    }

    /// Values of a group that are computed straight into a variable's memory: the first variable that each is
    /// assigned to, unless a later instruction still reads what it would overwrite.
    private func storeTargets(_ group: [Int]) -> [Int: Int] {
        var position: [Int: Int] = [:]
        for (place, index) in group.enumerated() { if let value = works[index].value { position[value] = place } }
        var targets: [Int: Int] = [:]
        for index in group {
            guard case .assign(let variable) = works[index].body, let made = position[works[index].reads[0].value],
                targets[works[index].reads[0].value] == nil
            else { continue }
            let reads = Set(variableReads[variable])
            let isReadLater = group.enumerated().contains { place, other in
                place > made && works[other].reads.contains { reads.contains($0.value) }
            }
            if buffers.next(variable) != buffers.current(variable) || !isReadLater {
                targets[works[index].reads[0].value] = variable
            }
        }
        return targets
    }

    /// Values that a group's instruction is the last to read, by its position.
    private func lastReaders(_ group: [Int]) -> [Int: [Int]] {
        var last: [Int: Int] = [:]
        for (position, index) in group.enumerated() {
            // Stores to variables come last.
            let isStore = if case .assign = works[index].body { true } else { false }
            for read in works[index].reads { last[read.value] = isStore ? .max : max(position, last[read.value] ?? 0) }
        }
        return Dictionary(grouping: last.keys.sorted()) { last[$0] ?? 0 }
    }

    /// One loop over all elements.
    private func nest(_ group: [Int]) -> LoopNest { LoopNest(count: graph.nodes[works[group[0]].node].type.count) }

    private mutating func source(
        _ read: Read, _ type: TensorType, _ builder: GroupBuilder
    ) -> FusedGroup.Source {
        let place = BufferSlice(mode: .uniform, buffer: buffers.number(of: read.value), stride: 0)
        return builder.source(place, read.access, type.dtype, countInSample: type.count)
    }

    private func variable(into index: Int, _ type: TensorType, _ builder: GroupBuilder) -> FusedGroup.Source {
        builder.source(
            BufferSlice(mode: .uniform, buffer: buffers.next(index), stride: 0), .rows, type.dtype,
            countInSample: type.count)
    }
}
