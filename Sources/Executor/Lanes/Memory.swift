import Graph

/// Where a step's values live: one table of addresses, so that a slot of input or a variable's next value is brought
/// in by changing an entry.
// @unchecked: entries are changed by the thread that runs steps while no task runs; contents are written by tasks that
// own them until the pool's next meeting.
final class Memory: @unchecked Sendable {
    /// The address of each buffer.
    private let bases: UnsafeMutablePointer<UnsafeMutableRawPointer>
    /// All buffers, then a cache line for what has no buffer of its own.
    private let block: UnsafeMutableRawBufferPointer

    /// Bytes that it has.
    var byteCount: Int { block.count }

    /// Bytes of the memory of a placement.
    static func byteCount(_ placement: BufferPlacement) -> Int { placement.bytes.adding(saturating: 64) }

    /// Zeroed buffers, aligned to cache lines. One of no bytes is an entry that others fill in.
    init(_ placement: BufferPlacement) {
        block = .allocate(byteCount: Memory.byteCount(placement), alignment: 64)
        block.initializeMemory(as: UInt8.self, repeating: 0)
        bases = .allocate(capacity: max(1, placement.offsets.count))
        for (index, offset) in placement.offsets.enumerated() {
            // The block has a cache line at least, and so an address.
            (bases + index).initialize(to: block.baseAddress! + (offset ?? placement.bytes))
        }
    }

    deinit {
        block.deallocate()
        bases.deallocate()
    }

    /// The address of a buffer.
    @inline(__always)
    subscript(buffer: BufferID) -> UnsafeMutableRawPointer {
        get { bases[buffer.index] }
        set { bases[buffer.index] = newValue }
    }
}

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
        var count = 0
        func zeroed(_ bytes: Int) -> UnsafeMutableRawPointer {
            let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
            memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
            count += bytes
            return memory
        }
        (arena, block, scratch) = (zeroed(size.arena), zeroed(size.block), zeroed(size.scratch))
        pointers = .allocate(capacity: size.pointers)
        pointers.initialize(repeating: UnsafeRawPointer(arena), count: size.pointers)
        byteCount = count + size.pointers * MemoryLayout<UnsafeRawPointer>.stride
    }

    deinit {
        arena.deallocate()
        block.deallocate()
        scratch.deallocate()
        pointers.deallocate()
    }
}
