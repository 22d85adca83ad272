import Graph

/// Where a step's values live: one table of addresses, so that a slot of input or a variable's next value is brought
/// in by changing an entry.
// @unchecked: entries are changed by the thread that runs steps while no task runs; contents are written by tasks that
// own them until the pool's next meeting.
final class Memory: @unchecked Sendable {
    /// The address of each buffer.
    let bases: UnsafeMutablePointer<UnsafeMutableRawPointer>
    /// Bytes of each buffer; 0 for those that the memory does not own.
    let sizes: [Int]
    private let owned: [UnsafeMutableRawPointer]

    /// Zeroed buffers of these sizes, aligned to cache lines. A size of 0 makes an entry that others fill in.
    init(sizes: [Int]) {
        self.sizes = sizes
        bases = .allocate(capacity: max(1, sizes.count))
        var owned: [UnsafeMutableRawPointer] = []
        let nowhere = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64)
        owned.append(nowhere)
        for (index, size) in sizes.enumerated() {
            guard size > 0 else {
                (bases + index).initialize(to: nowhere)
                continue
            }
            let buffer = UnsafeMutableRawPointer.allocate(byteCount: (size + 63) / 64 * 64, alignment: 64)
            buffer.initializeMemory(as: UInt8.self, repeating: 0, count: size)
            owned.append(buffer)
            (bases + index).initialize(to: buffer)
        }
        self.owned = owned
    }

    deinit {
        for buffer in owned { buffer.deallocate() }
        bases.deallocate()
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

    /// Memory of these sizes; `pointers` is a number of addresses.
    init(arenaBytes: Int, blockBytes: Int, scratchBytes: Int, pointers count: Int) {
        arena = .allocate(byteCount: max(64, arenaBytes), alignment: 64)
        block = .allocate(byteCount: max(64, blockBytes), alignment: 64)
        scratch = .allocate(byteCount: max(64, scratchBytes), alignment: 64)
        pointers = .allocate(capacity: max(1, count))
        arena.initializeMemory(as: UInt8.self, repeating: 0, count: max(64, arenaBytes))
        block.initializeMemory(as: UInt8.self, repeating: 0, count: max(64, blockBytes))
        scratch.initializeMemory(as: UInt8.self, repeating: 0, count: max(64, scratchBytes))
        pointers.initialize(repeating: UnsafeRawPointer(arena), count: max(1, count))
    }

    deinit {
        arena.deallocate()
        block.deallocate()
        scratch.deallocate()
        pointers.deallocate()
    }
}
