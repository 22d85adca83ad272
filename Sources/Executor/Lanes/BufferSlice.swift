import Graph

/// Where a value that a step reads or writes is found.
struct BufferSlice: Sendable, Hashable {
    /// How the address follows from sample and core.
    enum Mode: Sendable, Hashable {
        /// In the worker's arena at `offset`, from the lane's first sample on.
        case local
        /// In a buffer that holds all cores' samples.
        case allSamples
        /// In a buffer that holds one core's samples, the same for all cores.
        case oneBatch
        /// A whole value a core.
        case perReplica
        /// A value that all share.
        case uniform
    }

    /// How the address follows from sample and core.
    let mode: Mode
    /// The buffer; unused when local.
    let buffer: BufferID
    /// Bytes into the arena; unused elsewhere.
    var offset = 0
    /// Bytes of one sample, or of one core's value when `mode` is perReplica.
    let stride: Int

    /// True when the address can change from core to core in another way than from sample to sample.
    var needsSegments: Bool { mode == .oneBatch || mode == .perReplica }

    /// As a printed plan has it.
    var text: String {
        switch mode {
        case .local: "local \(offset)"
        case .allSamples: "samples \(buffer)"
        case .oneBatch: "batch \(buffer)"
        case .perReplica: "core \(buffer)"
        case .uniform: "shared \(buffer)"
        }
    }

    /// The address at a sample of a core.
    @inline(__always)
    func address(_ lane: LaneContext, sample: Int, replica: Int) -> UnsafeMutableRawPointer {
        switch mode {
        case .local: lane.worker.arena + offset + (sample - lane.firstSample) * stride
        case .allSamples: lane.memory[buffer] + sample * stride
        case .oneBatch: lane.memory[buffer] + (sample - replica * lane.batch) * stride
        case .perReplica: lane.memory[buffer] + replica * stride
        case .uniform: lane.memory[buffer]
        }
    }
}

/// What a task of a lane region works with.
struct LaneContext {
    /// All buffers.
    let memory: Memory
    /// The worker's own memory.
    let worker: WorkerMemory
    /// The lane.
    let lane: LanePartition.Lane
    /// The number of its chain.
    let chain: Int
    /// Whether it is the first of its chain.
    let isFirstOfChain: Bool
    /// Samples of one core.
    let batch: Int

    /// The lane's first sample.
    var firstSample: Int { lane.samples.lowerBound }

    /// Where operands are from a sample of a core on, in the worker's list of addresses: until its next use.
    @inline(__always)
    func addresses(of operands: [BufferSlice], sample: Int, replica: Int) -> UnsafePointer<UnsafeRawPointer> {
        let pointers = worker.pointers
        for index in operands.indices {
            pointers[index] = UnsafeRawPointer(operands[index].address(self, sample: sample, replica: replica))
        }
        return UnsafePointer(pointers)
    }
}

/// One thing that a lane does with its rows.
protocol LaneStep: Sendable {
    /// The nodes that it computes.
    var nodes: [ValueID] { get }
    /// Where it reads and writes, as a printed plan has it.
    var addressText: String { get }
    /// Runs on the lane's samples.
    func run(_ lane: LaneContext) throws(ExecutorError)
}
