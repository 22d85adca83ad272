import Graph

/// When each work of a step runs. Stages are numbered in rounds of the four kinds, so `stage % 4` is a stage's kind;
/// between two stages all threads meet. Most training steps need one lane stage and one chunk stage.
struct Schedule {
    /// The works with their stages.
    private(set) var works: [Work]
    /// Places in `works` of each stage's works, stage by stage and in order; stages without works are left out.
    private(set) var members: [[Int]] = []
    /// Which work defines a value.
    let producers: [Int: Int]
    private let graph: LaneGraph

    /// Orders the works of a list: each as early as its operands allow; chunk works then as late as their users allow,
    /// so that what belongs to one update meets in one pass over memory.
    init(_ list: WorkList) {
        graph = list.graph
        works = list.works
        var producers: [Int: Int] = [:]
        for (index, work) in works.enumerated() { if let value = work.value { producers[value] = index } }
        self.producers = producers
        var last = 0
        for index in works.indices {
            works[index].stage = earliest(works[index])
            guard works[index].kind == .lane, works[index].node >= graph.orderedFrom ?? .max else { continue }
            last = max(last, works[index].stage)
            works[index].stage = last
        }
        delayChunks()
        let byStage = Dictionary(grouping: works.indices) { works[$0].stage }
        members = byStage.keys.sorted().compactMap { byStage[$0] }
    }

    /// Whether a work may read a value in the stage in which it is made.
    func mayShareStage(_ reader: Work, _ read: Read, _ producer: Work) -> Bool {
        guard reader.kind == producer.kind else { return false }
        switch reader.kind {
        case .serial: return true
        case .replica:
            // One core's task must not read what another's may still write.
            if case .sumOverGroups = reader.body { return false }
            return true
        case .lane: return read.access.isByRow && read.value < graph.nodes.count && graph.layouts[read.value] == .rows
        case .chunk: return read.access == .rows
        }
    }

    private func earliest(_ work: Work) -> Int {
        var stage = work.kind.rawValue
        for read in work.reads {
            guard let producer = producers[read.value].map({ works[$0] }) else { continue }
            let shared = mayShareStage(work, read, producer)
            stage = max(stage, shared ? producer.stage : Schedule.next(work.kind, after: producer.stage))
        }
        return stage
    }

    private static func next(_ kind: WorkKind, after stage: Int) -> Int {
        let kinds = WorkKind.allCases.count
        let candidate = stage / kinds * kinds + kind.rawValue
        return candidate > stage ? candidate : candidate + kinds
    }

    private mutating func delayChunks() {
        let kinds = WorkKind.allCases.count
        var latest = [Int](repeating: .max, count: works.count)
        for index in works.indices.reversed() {
            if works[index].kind == .chunk, latest[index] < .max, latest[index] > works[index].stage {
                works[index].stage = latest[index]
            }
            for read in works[index].reads {
                guard let producer = producers[read.value], works[producer].kind == .chunk else { continue }
                let shared = mayShareStage(works[index], read, works[producer])
                var limit = works[index].stage
                if !shared { repeat { limit -= 1 } while limit % kinds != WorkKind.chunk.rawValue }
                latest[producer] = min(latest[producer], limit)
            }
        }
    }
}
