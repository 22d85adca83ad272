extension StepPlan {
    /// The plan as text, region by region, two lines an instruction: what it computes, from where and to where.
    /// Of a buffer `b12` it says how its address follows: `samples` of all cores, one core's `batch` that all cores have, a
    /// value a `core`, or one that is `shared`; `local` are bytes of the worker's own arena. Of a fused group it says the
    /// loops within a sample.
    var text: String {
        var lines = [
            "\(partition.lanes.count) lanes of up to \(partition.longest) samples in \(partition.chains.count) chains, \(batch) a core; \(buffers.bytes) bytes of buffers",
            "a worker has \(workerSize.arena) of arena, \(workerSize.block) of blocks, \(workerSize.scratch) of scratch",
        ]
        if let recomputation { lines.append("computed again: \(recomputation.rawValue)") }
        for id in RegionID.all(in: regions) {
            let (grid, instructions) = description(ofRegion: id)
            lines.append("region \(id.index): \(grid), \(taskCount(id)) tasks")
            for (instruction, addresses) in zip(instructions, StepPlan.addresses(regions[id])) {
                lines.append("    \(instruction)")
                lines.append("        \(addresses)")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func addresses(_ region: Region) -> [String] {
        switch region {
        case .serial(let steps), .replicas(let steps):
            steps.map { step in
                "\(step.operands.map(\.text).joined(separator: ", ")) -> \(step.result.text), \(step.copies) times"
            }
        case .lanes(let steps): steps.map(\.addressText)
        case .chunks(let groups, _): groups.map(\.addressText)
        }
    }
}

extension WholeBufferSlice {
    fileprivate var text: String { stride == 0 ? "shared \(buffer)" : "core \(buffer)" }
}
