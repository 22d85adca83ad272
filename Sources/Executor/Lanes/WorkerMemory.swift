import Graph

/// Sizes of one worker's private memory.
struct WorkerSize: Sendable, Hashable {
    /// Bytes of a lane's values.
    let arena: Int
    /// Bytes of the blocks of a fused group.
    let block: Int
    /// Bytes that a kernel needs during a call.
    let scratch: Int
    /// Addresses of operands.
    let pointers: Int

    /// Sizes that are enough for so much.
    init(arena: Int, block: Int, scratch: Int, pointers: Int) {
        self.arena = max(64, arena)
        self.block = max(64, block)
        self.scratch = max(64, scratch)
        self.pointers = max(1, pointers)
    }

    /// Bytes of all of it. Saturates.
    var byteCount: Int {
        arena.adding(saturating: block).adding(saturating: scratch)
            .adding(saturating: pointers.multiplied(saturating: MemoryLayout<UnsafeRawPointer>.stride))
    }
}

/// One worker's private memory: the values of the lane or chunk that it is at.
// @unchecked: one worker uses it at a time, and which is fixed.
final class WorkerMemory: @unchecked Sendable {
    private let blocks: [ZeroedBlock]
    /// Values of a lane that no other lane needs.
    let arena: UnsafeMutableRawPointer
    /// Intermediate values of a fused group's block.
    let block: UnsafeMutableRawPointer
    /// What a kernel needs during a call.
    let scratch: UnsafeMutableRawPointer
    /// Addresses of operands.
    let pointers: UnsafeMutablePointer<UnsafeRawPointer>
    /// Bytes that it has.
    let byteCount: Int

    /// Zeroed memory of these sizes.
    init(_ size: WorkerSize) {
        blocks = [size.arena, size.block, size.scratch].map(ZeroedBlock.init)
        (arena, block, scratch) = (blocks[0].address, blocks[1].address, blocks[2].address)
        pointers = .allocate(capacity: size.pointers)
        pointers.initialize(repeating: UnsafeRawPointer(arena), count: size.pointers)
        byteCount = size.byteCount
    }

    deinit { pointers.deallocate() }
}
