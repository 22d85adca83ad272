import Graph

/// Which chunk works of a stage run together: those of one number of elements that hand values to one another.
struct ChunkGroups {
    /// Works of each group, in order; a group's works are of one stage.
    private(set) var members: [[Int]] = []
    /// The group of a chunk work.
    private(set) var group: [Int: Int] = [:]

    /// The groups of a schedule.
    init(_ schedule: Schedule, _ graph: LaneGraph) {
        let works = schedule.works
        var parent = Array(works.indices)
        func find(_ index: Int) -> Int {
            var root = index
            while parent[root] != root { root = parent[root] }
            // Shortens the way for whoever asks next.
            var index = index
            while parent[index] != root {
                let next = parent[index]
                parent[index] = root
                index = next
            }
            return root
        }
        for (index, work) in works.enumerated() where work.kind == .chunk {
            for read in work.reads where read.access == .rows {
                guard let producer = schedule.producers[read.value], works[producer].kind == .chunk,
                    works[producer].stage == work.stage
                else { continue }
                let (from, to) = (find(index), find(producer))
                parent[from] = to
            }
        }
        var numbers: [Int: Int] = [:]
        for index in works.indices where works[index].kind == .chunk {
            let root = find(index)
            let number = numbers[root] ?? members.count
            if numbers[root] == nil {
                numbers[root] = number
                members.append([])
            }
            members[number].append(index)
            group[index] = number
        }
    }

    /// Variables whose new value may overwrite the old one: all that read the old one do so in an earlier stage, or
    /// at the same element in the same group, and nothing later can fail, so that a step that fails changes none.
    func variablesInPlace(
        _ schedule: Schedule, _ graph: LaneGraph, readers: [Int: [Int]], kept: Set<Int>
    ) -> Set<Int> {
        var result: Set<Int> = []
        let lastThatMayFail = schedule.works.lazy.filter { $0.mayFail(graph) }.map(\.stage).max()
        let variableReads = graph.variableReads
        for (index, work) in schedule.works.enumerated() {
            guard case .assign(let variable) = work.body, work.kind == .chunk, work.stage > lastThatMayFail ?? -1
            else { continue }
            let isSafe = variableReads[variable].allSatisfy { value in
                !kept.contains(value)
                    && (readers[value] ?? []).allSatisfy { reader in
                        let other = schedule.works[reader]
                        let isElementwise = other.reads.allSatisfy { $0.value != value || $0.access == .rows }
                        return other.stage < work.stage || isElementwise && group[reader] == group[index]
                    }
            }
            if isSafe { result.insert(variable) }
        }
        return result
    }
}
