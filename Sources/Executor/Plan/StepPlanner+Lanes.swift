import Graph

extension StepPlanner {
    /// Instructions that run as one step of a lane: one with a kernel, or elementwise ones in the same loops.
    private struct Fusion {
        var instructions: [InstructionID]
        /// The loops that the group runs in; nil for a kernel.
        var nest: LoopNest?
    }

    /// The steps of a lane region, in order, with the arena's slices for what stays in the lane.
    mutating func laneSteps(_ members: [InstructionID]) throws(ExecutorError) -> [any LaneStep] {
        let fusions = fuse(members)
        var stepOf: [InstructionID: Int] = [:]
        for (step, fusion) in fusions.enumerated() { for id in fusion.instructions { stepOf[id] = step } }
        let locals = placeLocals(members, stepOf)
        var steps: [any LaneStep] = []
        for fusion in fusions {
            if let nest = fusion.nest {
                steps.append(try group(fusion.instructions, nest, stepOf, locals))
            } else {
                steps.append(try step(instructions[fusion.instructions[0]], locals))
            }
        }
        return steps
    }

    /// Each elementwise instruction joins the earliest group of as many elements whose loops fit its own and that comes no
    /// sooner than what it reads.
    private func fuse(_ members: [InstructionID]) -> [Fusion] {
        var fusions: [Fusion] = []
        var stepOf: [InstructionID: Int] = [:]
        let inside = Set(members)
        /// The step of the last instruction that keeps the nodes' order.
        var ordered: Int?
        for id in members {
            let instruction = instructions[id]
            let node = graph[instruction.node]
            var earliest =
                instruction.arguments.compactMap { schedule.producers[$0.value] }.filter(inside.contains)
                .compactMap { stepOf[$0] }.max() ?? 0
            let isOrdered = graph.orderedFrom.map { instruction.node >= $0 } ?? false
            // No sooner than the one before it; the first of them begins a step.
            if isOrdered { earliest = max(earliest, ordered ?? fusions.count) }
            defer { if isOrdered { ordered = stepOf[id] } }
            guard case .compute = instruction.body, node.op.isElementwise else {
                stepOf[id] = fusions.count
                fusions.append(Fusion(instructions: [id], nest: nil))
                continue
            }
            let splits = instruction.arguments.flatMap { $0.indexing.stretch?.splits ?? [] }
            let count = node.type.count / graph.rules.batch
            let found = (earliest..<fusions.count).first { step in
                guard fusions[step].nest?.count == count else { return false }
                // What is stretched is read from memory, so its group must be over.
                return !(step == earliest && producesStretched(instruction, step, stepOf))
                    && fusions[step].nest?.join(splits) == true
            }
            if let found {
                fusions[found].instructions.append(id)
                stepOf[id] = found
            } else {
                stepOf[id] = fusions.count
                // A stretched operand whose loops make no nest is not seen through.
                fusions.append(Fusion(instructions: [id], nest: LoopNest(count: count, splits: splits)))
            }
        }
        return fusions
    }

    /// True where an instruction reads stretched what a step makes.
    private func producesStretched(_ instruction: Instruction, _ step: Int, _ stepOf: [InstructionID: Int]) -> Bool {
        instruction.arguments.contains { argument in
            argument.indexing.stretch != nil && schedule.producers[argument.value].map { stepOf[$0] == step } == true
        }
    }

    /// True when no one outside the lane's own region looks at a value.
    private func isLocal(_ value: LoweredValue, _ members: Set<InstructionID>) -> Bool {
        guard graph.layout(of: value) == .rows, !liveOut.contains(value) else { return false }
        return (users[value] ?? []).allSatisfy { user in
            members.contains(user)
                && instructions[user].arguments.allSatisfy { $0.value != value || $0.indexing.isByRow }
        }
    }

    /// True when a value is read by its own group alone, as its own rows.
    private func isInBlock(_ value: LoweredValue, _ stepOf: [InstructionID: Int]) -> Bool {
        guard !liveOut.contains(value), let producer = schedule.producers[value], let step = stepOf[producer] else {
            return false
        }
        guard case .compute = instructions[producer].body, graph[instructions[producer].node].op.isElementwise else {
            return false
        }
        return (users[value] ?? []).allSatisfy { user in
            stepOf[user] == step
                && instructions[user].arguments.allSatisfy { $0.value != value || $0.indexing == .rows }
        }
    }

    /// Slices of the arena: values whose lives don't overlap share memory.
    private mutating func placeLocals(
        _ members: [InstructionID], _ stepOf: [InstructionID: Int]
    ) -> [LoweredValue: BufferSlice] {
        struct Life {
            let value: LoweredValue
            /// Bytes of one sample.
            let stride: Int
            /// Bytes of a lane's samples, rounded up to cache lines.
            let bytes: Int
            let steps: ClosedRange<Int>
        }
        let inside = Set(members)
        var lives: [Life] = []
        for id in members {
            guard let value = instructions[id].result, let node = value.node, isLocal(value, inside),
                !isInBlock(value, stepOf), let first = stepOf[id]
            else { continue }
            let last = (users[value] ?? []).compactMap { stepOf[$0] }.max() ?? first
            let stride = graph[node].type.byteCount / graph.rules.batch
            let bytes = stride.multiplied(saturating: lowering.partition.longest)
            lives.append(
                Life(
                    value: value, stride: stride, bytes: bytes.adding(saturating: 63) / 64 * 64, steps: first...last))
        }
        /// What lives at the step at hand, by offset.
        var taken: [(life: Life, offset: Int)] = []
        var slices: [LoweredValue: BufferSlice] = [:]
        for life in lives.sorted(by: { $0.steps.lowerBound < $1.steps.lowerBound }) {
            taken.removeAll { $0.life.steps.upperBound < life.steps.lowerBound }
            var offset = 0
            for other in taken where other.offset < offset.adding(saturating: life.bytes) {
                offset = max(offset, other.offset.adding(saturating: other.life.bytes))
            }
            taken.insert((life, offset), at: taken.firstIndex { $0.offset > offset } ?? taken.count)
            arenaBytes = max(arenaBytes, offset.adding(saturating: life.bytes))
            slices[life.value] = BufferSlice(mode: .local, buffer: BufferID(0), offset: offset, stride: life.stride)
        }
        return slices
    }

    /// Where a lane finds an argument.
    private mutating func slice(_ argument: Argument, _ locals: [LoweredValue: BufferSlice]) -> BufferSlice {
        if let slice = locals[argument.value] { return slice }
        let buffer = buffers.buffer(of: argument.value)
        let bytes = argument.value.node.map { graph[$0].type.byteCount } ?? 0
        let isUniform = graph.layout(of: argument.value) == .uniform
        guard argument.indexing.isByRow else {
            return isUniform || graph.replicas == 1
                ? BufferSlice(mode: .uniform, buffer: buffer, stride: 0)
                : BufferSlice(mode: .perReplica, buffer: buffer, stride: bytes)
        }
        let isOneBatch = isUniform && graph.replicas > 1
        return BufferSlice(
            mode: isOneBatch ? .oneBatch : .allSamples, buffer: buffer, stride: bytes / graph.rules.batch)
    }

    private mutating func step(
        _ instruction: Instruction, _ locals: [LoweredValue: BufferSlice]
    ) throws(ExecutorError) -> any LaneStep {
        let node = graph[instruction.node]
        let types = graph.operandTypes(of: instruction.node)
        let (kernel, _) = try KernelTable.kernel(
            node, operands: types, sharesUpstream: instruction.arguments.last?.indexing == .scalar)
        var operands: [BufferSlice] = []
        for argument in instruction.arguments { operands.append(slice(argument, locals)) }
        pointers = max(pointers, operands.count)
        let rowsInSample = (instruction.body == .partial ? types[0] : node.type).shape[0] / graph.rules.batch
        let longest = lowering.partition.longest
        if instruction.body == .partial, let value = instruction.result {
            let step = PartialStep(
                node: instruction.node, kernel: kernel, merge: merge(instruction.node, node), operands: operands,
                buffer: buffers.buffer(of: value), isAccumulated: lowering.accumulated[instruction.node] != nil,
                rowsInSample: rowsInSample, longest: longest)
            scratchBytes = max(scratchBytes, step.scratchBytes)
            return step
        }
        scratchBytes = max(scratchBytes, kernel.scratchBytes(rows: rowsInSample.multiplied(saturating: longest)))
        return KernelStep(
            node: instruction.node, kernel: kernel, operands: operands,
            result: slice(Argument(value: .result(instruction.node), indexing: .rows), locals),
            rowsInSample: rowsInSample)
    }

    private mutating func group(
        _ members: [InstructionID], _ nest: LoopNest, _ stepOf: [InstructionID: Int],
        _ locals: [LoweredValue: BufferSlice]
    ) throws(ExecutorError) -> any LaneStep {
        var builder = GroupBuilder(nest)
        var last: [LoweredValue: Int] = [:]
        for (position, id) in members.enumerated() {
            for argument in instructions[id].arguments { last[argument.value] = position }
        }
        let lastUses = Dictionary(grouping: last.keys.sorted()) { last[$0] ?? 0 }
        for (position, id) in members.enumerated() {
            let instruction = instructions[id]
            let node = graph[instruction.node]
            let types = graph.operandTypes(of: instruction.node)
            guard let elementwise = try Elementwise(node, operands: types) else {
                throw ExecutorError(.unsupported, "only elementwise ops are fused", at: node)
            }
            var sources: [Argument: FusedGroup.Source] = [:]
            for (argument, type) in zip(instruction.arguments, types) where !isInBlock(argument.value, stepOf) {
                let count = argument.value.node.map { graph[$0].type.count } ?? 0
                sources[argument] = builder.source(
                    slice(argument, locals), argument.indexing, type.dtype, countInSample: count / graph.rules.batch)
            }
            let result = Argument(value: .result(instruction.node), indexing: .rows)
            let target =
                isInBlock(result.value, stepOf)
                ? nil
                : builder.source(
                    slice(result, locals), result.indexing, node.type.dtype, countInSample: nest.count)
            builder.add(
                elementwise, instruction, types: types, target: target, lastUses: lastUses[position] ?? []
            ) { argument in
                // Every argument that the group does not define itself was given a source above.
                sources[argument]!
            }
        }
        let fused = builder.finish()
        blockBytes = max(blockBytes, fused.slotBytes.multiplied(saturating: fused.blockSlots))
        pointers = max(pointers, fused.pointerCount)
        return FusedStep(group: fused, fault: fault)
    }
}
