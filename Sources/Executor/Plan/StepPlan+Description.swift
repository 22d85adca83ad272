import Graph

extension StepPlan {
    /// Instructions of each stage.
    var instructionCounts: [Int] {
        stages.map { stage in
            switch stage {
            case .serial(let steps), .replicas(let steps): steps.count
            case .lanes(let steps): steps.count
            case .chunks(let groups, _): groups.count
            }
        }
    }

    /// What a stage is called and what its instructions compute, as ``StepProfile`` has them.
    func description(ofStage stage: Int) -> (kind: String, instructions: [String]) {
        switch stages[stage] {
        case .serial(let steps): ("serial", steps.map { describe([$0.node]) })
        case .lanes(let steps): ("lanes", steps.map { describe($0.nodes) })
        case .replicas(let steps): ("replicas", steps.map { describe([$0.node]) })
        case .chunks(let groups, _): ("chunks", groups.map { describe($0.nodes) })
        }
    }

    /// The ops of some nodes, each once, then the last node's type and name: `add relu: float32[256, 512] dense/Relu`.
    private func describe(_ places: [Int]) -> String {
        var ops: [String] = []
        for place in places where !ops.contains(nodes[place].op.name) { ops.append(nodes[place].op.name) }
        guard let last = places.last.map({ nodes[$0] }) else { return "" }
        let more = places.count > 1 ? " (\(places.count))" : ""
        return "\(ops.joined(separator: " "))\(more): \(last.type) \(last.name)"
    }
}
