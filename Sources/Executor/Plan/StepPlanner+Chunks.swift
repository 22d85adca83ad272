import Graph

extension StepPlanner {
    /// Elements of a chunk task: some blocks, so that taking a task costs little beside doing it, and no more tasks than a
    /// list holds with ease.
    private static func taskElements(of count: Int) -> Int {
        FusedGroup.blockElements * max(8, count / FusedGroup.blockElements / 65_536)
    }

    /// The groups of a chunk region and the tasks that do them.
    mutating func chunkGroups(_ members: [InstructionID]) throws(ExecutorError) -> ([FusedGroup], [StepPlan.ChunkTask])
    {
        var result: [FusedGroup] = []
        var tasks: [StepPlan.ChunkTask] = []
        let present = Set(members)
        for group in groups.members where present.contains(group[0]) {
            let count = graph[instructions[group[0]].node].type.count
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

    private mutating func chunkGroup(_ group: [InstructionID]) throws(ExecutorError) -> FusedGroup {
        // All elements are one sample.
        var builder = GroupBuilder(nest(group))
        let inside = Set(group)
        let targets = storeTargets(group)
        let lastUses = lastUses(group)
        var stores: [Instruction] = []
        for (position, id) in group.enumerated() {
            let instruction = instructions[id]
            let node = graph[instruction.node]
            if case .assign = instruction.body {
                stores.append(instruction)
                continue
            }
            // Every chunk instruction but an assignment defines a value.
            let value = instruction.result!
            var target = targets[value].map { variable(into: $0, node.type, builder) }
            let isSeen = liveOut.contains(value) || (users[value] ?? []).contains { !inside.contains($0) }
            let argument = Argument(value: value, indexing: .rows)
            if target == nil, isSeen { target = source(argument, node.type, builder) }
            let copies = target != nil && targets[value] != nil && isSeen
            try add(id, target, to: &builder, lastUses: lastUses[position] ?? [])
            if copies {
                let memory = source(argument, node.type, builder)
                builder.addCopy(argument, dtype: node.type.dtype, to: memory) { _ in memory }
            }
        }
        for instruction in stores {
            guard case .assign(let index) = instruction.body else { continue }
            let type = graph[instruction.node].type
            let target = variable(into: index, type, builder)
            let argument = instruction.arguments[0]
            if targets[argument.value] != index {
                let operand = source(argument, type, builder)
                builder.addCopy(argument, dtype: type.dtype, to: target) { _ in operand }
            }
            builder.addCheck(type.dtype, order: order(ofVariable: index), at: target)
        }
        return builder.finish()
    }

    private mutating func add(
        _ id: InstructionID, _ target: FusedGroup.Source?, to builder: inout GroupBuilder, lastUses: [LoweredValue]
    ) throws(ExecutorError) {
        let instruction = instructions[id]
        let node = graph[instruction.node]
        switch instruction.body {
        case .merge(let reduction):
            builder.addMerge(
                merge(reduction, node), buffer: buffers.buffer(of: instruction.arguments[0].value),
                arrays: lowering.partialCount(of: reduction), stride: node.type.byteCount, node: instruction.node,
                target: target)
        case .sumOverReplicas:
            let slice = whole(instruction.arguments[0].value)
            builder.addMerge(
                Merge(reduction: .sum, dtype: node.type.dtype, count: node.type.count), buffer: slice.buffer,
                arrays: graph.replicas, stride: slice.stride, node: instruction.node, target: target)
        case .compute, .partial, .assign, .sumOverGroups:
            let types = graph.operandTypes(of: instruction.node)
            guard let elementwise = try Elementwise(node, operands: types) else {
                throw ExecutorError(.unsupported, "only elementwise ops are computed over chunks", at: node)
            }
            var sources: [Argument: FusedGroup.Source] = [:]
            for (argument, type) in zip(instruction.arguments, types)
            where argument.indexing != .rows || isInMemory(argument.value) || !isChunk(argument.value, ofRegionOf: id) {
                sources[argument] = source(argument, type, builder)
            }
            builder.add(elementwise, instruction, types: types, target: target, lastUses: lastUses) { argument in
                // Every argument that the group does not define itself was given a source above.
                sources[argument]!
            }
        }
    }

    /// True when a value is made over chunks in the region of an instruction.
    private func isChunk(_ value: LoweredValue, ofRegionOf id: InstructionID) -> Bool {
        guard let producer = schedule.producers[value] else { return false }
        return instructions[producer].grid == .chunk && schedule.regions[producer] == schedule.regions[id]
    }

    /// True when a chunk value also has a buffer of its own.
    private func isInMemory(_ value: LoweredValue) -> Bool {
        guard let producer = schedule.producers[value] else { return true }
        return liveOut.contains(value)
            || (users[value] ?? []).contains { groups.group[$0] != groups.group[producer] }
    }

    /// Values of a group that are computed straight into a variable's memory: the first variable that each is
    /// assigned to, unless a later instruction still reads what it would overwrite.
    private func storeTargets(_ group: [InstructionID]) -> [LoweredValue: Int] {
        var positions: [LoweredValue: Int] = [:]
        for (position, id) in group.enumerated() {
            if let value = instructions[id].result { positions[value] = position }
        }
        var targets: [LoweredValue: Int] = [:]
        for id in group {
            guard case .assign(let variable) = instructions[id].body else { continue }
            let value = instructions[id].arguments[0].value
            guard let made = positions[value], targets[value] == nil else { continue }
            let reads = Set(variableReads[variable].map { LoweredValue.result($0) })
            let isReadLater = group.enumerated().contains { position, other in
                position > made && instructions[other].arguments.contains { reads.contains($0.value) }
            }
            if buffers.next(variable) != buffers.current(variable) || !isReadLater { targets[value] = variable }
        }
        return targets
    }

    /// Values that a group's instruction is the last to read, by its position.
    private func lastUses(_ group: [InstructionID]) -> [Int: [LoweredValue]] {
        var last: [LoweredValue: Int] = [:]
        for (position, id) in group.enumerated() {
            // Stores to variables come last.
            let isStore = if case .assign = instructions[id].body { true } else { false }
            for argument in instructions[id].arguments {
                last[argument.value] = isStore ? .max : max(position, last[argument.value] ?? 0)
            }
        }
        return Dictionary(grouping: last.keys.sorted()) { last[$0] ?? 0 }
    }

    /// One loop over all elements.
    private func nest(_ group: [InstructionID]) -> LoopNest {
        LoopNest(count: graph[instructions[group[0]].node].type.count)
    }

    private mutating func source(
        _ argument: Argument, _ type: TensorType, _ builder: GroupBuilder
    ) -> FusedGroup.Source {
        let slice = BufferSlice(mode: .uniform, buffer: buffers.buffer(of: argument.value), stride: 0)
        return builder.source(slice, argument.indexing, type.dtype, countInSample: type.count)
    }

    private func variable(into index: Int, _ type: TensorType, _ builder: GroupBuilder) -> FusedGroup.Source {
        builder.source(
            BufferSlice(mode: .uniform, buffer: buffers.next(index), stride: 0), .rows, type.dtype,
            countInSample: type.count)
    }
}
