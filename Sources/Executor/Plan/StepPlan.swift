import Graph

/// All that a step does, with every address known but for the tables' entries that change: made once, run often.
struct StepPlan: Sendable {
    /// What is done between two meetings of the threads.
    enum Region: Sendable {
        /// On the calling thread.
        case serial([WholeStep])
        /// One task a chain of lanes.
        case lanes([any LaneStep])
        /// One task a core.
        case replicas([WholeStep])
        /// One task a range of elements of a group.
        case chunks([FusedGroup], [ChunkTask])
    }

    /// Elements of one group that a task does.
    struct ChunkTask: Sendable, Hashable {
        /// Its position among the region's groups.
        let group: Int
        /// Of all cores' common value.
        let elements: Range<Int>
    }

    /// In order.
    let regions: [Region]
    /// The partition of the samples.
    let partition: LanePartition
    /// Samples of one core.
    let batch: Int
    /// Where the buffers lie.
    let buffers: BufferPlacement
    /// What some of them hold from the start.
    let contents: [BufferID: [UInt8]]
    /// Buffers of each variable's value and, when it is another, its next value: the program's, then those of `narrowCopies`.
    let variables: [(current: BufferID, next: BufferID?)]
    /// Values of each variable: one, or one a core.
    let variableCopies: [Int]
    /// The program's variables that the further ones have in bfloat16.
    let narrowCopies: [Int]
    /// Sums over cores that accumulate in a contraction over all rows.
    let accumulatedSums: Int
    /// Buffers of the infeed's elements.
    let infeed: [BufferID]
    /// Where core 0's loss is.
    let loss: (buffer: BufferID, dtype: DType)?
    /// Where the values that are handed out are.
    let outfeed: [WholeBufferSlice]
    /// What each worker needs for itself.
    let workerSize: WorkerSize
    /// The nodes that instructions name.
    let nodes: [Node]
    /// What is computed a second time, to save memory; nil: nothing.
    let recomputation: Recomputation?

    /// Tasks of a region.
    func taskCount(_ region: RegionID) -> Int {
        switch regions[region] {
        case .serial: 1
        case .lanes: partition.chains.count
        case .replicas(let steps): steps.first?.copies ?? 0
        case .chunks(_, let tasks): tasks.count
        }
    }
}
