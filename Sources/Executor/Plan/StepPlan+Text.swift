extension StepPlan {
    /// The plan as text, a line an instruction: what it computes, from where and to where. Of a buffer `b12` it says how
    /// its address follows: `samples` of all cores, one core's `batch` that all cores have, a value a `core`, or one that
    /// is `shared`; `local` are bytes of the worker's own arena. Of a fused group it says the loops within a sample.
    var text: String {
        var lines = [
            "\(cut.lanes.count) lanes of up to \(cut.longest) samples, \(batch) a core; \(buffers.bytes) bytes of buffers",
            "a worker has \(workerSize.arena) of arena, \(workerSize.block) of blocks, \(workerSize.scratch) of scratch",
        ]
        if let recomputation { lines.append("computed again: \(recomputation.rawValue)") }
        for (number, stage) in stages.enumerated() {
            let (kind, instructions) = description(ofStage: number)
            lines.append("\(number) \(kind), \(taskCount(number)) tasks")
            for (instruction, places) in zip(instructions, StepPlan.places(stage)) {
                lines.append("    \(instruction)")
                lines.append("        \(places)")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func places(_ stage: Stage) -> [String] {
        switch stage {
        case .serial(let steps), .replicas(let steps):
            steps.map { step in
                "\(step.operands.map(\.text).joined(separator: ", ")) -> \(step.result.text), \(step.copies) times"
            }
        case .lanes(let steps): steps.map(\.places)
        case .chunks(let groups, _): groups.map(\.places)
        }
    }
}

extension WholeBufferSlice {
    fileprivate var text: String { stride == 0 ? "shared b\(buffer)" : "core b\(buffer)" }
}
