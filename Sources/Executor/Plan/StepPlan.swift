import Graph

/// All that a step does, with every address known but for the tables' entries that change: made once, run often.
struct StepPlan: Sendable {
    /// What is done between two meetings of the threads.
    enum Stage: Sendable {
        /// On the calling thread.
        case serial([WholeStep])
        /// One task a lane.
        case lanes([any LaneStep])
        /// One task a core.
        case replicas([WholeStep])
        /// One task a range of elements of a group.
        case chunks([FusedGroup], [ChunkTask])
    }

    /// Elements of one group that a task does.
    struct ChunkTask: Sendable, Hashable {
        /// Its position among the stage's groups.
        let group: Int
        /// Of all cores' common value.
        let elements: Range<Int>
    }

    /// In order.
    let stages: [Stage]
    /// The partition of the samples.
    let cut: LaneCut
    /// Samples of one core.
    let batch: Int
    /// Where the buffers lie.
    let buffers: BufferPlacement
    /// What some of them hold from the start.
    let contents: [Int: [UInt8]]
    /// Buffers of each variable's value and, when it is another, its next value.
    let variables: [(current: Int, next: Int?)]
    /// Values kept of each variable.
    let variableCopies: [Int]
    /// Sums over rows and cores that are one contraction.
    let foldedSums: Int
    /// Buffer of the first infeed element; the others follow.
    let firstInfeed: Int
    /// Where core 0's loss is.
    let loss: (buffer: Int, dtype: DType)?
    /// Where the values that are handed out are.
    let outfeed: [WholeBufferSlice]
    /// What each worker needs for itself.
    let workerSize: WorkerSize
    /// The nodes that instructions name.
    let nodes: [Node]
    /// What is computed a second time, to save memory; nil: nothing.
    let recomputation: Recomputation?

    /// Tasks of a stage.
    func taskCount(_ stage: Int) -> Int {
        switch stages[stage] {
        case .serial: 1
        case .lanes: cut.lanes.count
        case .replicas(let steps): steps.first?.copies ?? 0
        case .chunks(_, let tasks): tasks.count
        }
    }
}
