import Graph

extension StepPlan {
    /// Instructions of each region.
    var instructionCounts: [Int] {
        regions.map { region in
            switch region {
            case .serial(let steps), .replicas(let steps): steps.count
            case .lanes(let steps): steps.count
            case .chunks(let groups, _): groups.count
            }
        }
    }

    /// What a region is called and what its instructions compute, as ``StepProfile`` has them.
    func description(ofRegion region: RegionID) -> (grid: String, instructions: [String]) {
        switch regions[region] {
        case .serial(let steps): ("serial", steps.map { describe([$0.node]) })
        case .lanes(let steps): ("lanes", steps.map { describe($0.nodes) })
        case .replicas(let steps): ("replicas", steps.map { describe([$0.node]) })
        case .chunks(let groups, _): ("chunks", groups.map { describe($0.nodes) })
        }
    }

    /// The ops of some nodes, each once, then the last node's type and name: `add relu: float32[256, 512] dense/Relu`.
    private func describe(_ ids: [ValueID]) -> String {
        var ops: [String] = []
        for id in ids where !ops.contains(nodes[id].op.name) { ops.append(nodes[id].op.name) }
        guard let last = ids.last.map({ nodes[$0] }) else { return "" }
        let more = ids.count > 1 ? " (\(ids.count))" : ""
        return "\(ops.joined(separator: " "))\(more): \(last.type) \(last.name)"
    }
}
