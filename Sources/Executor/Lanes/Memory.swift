import Graph

/// Where a step's values live: one table of addresses, so that a slot of input or a variable's next value is brought
/// in by changing an entry.
// @unchecked: entries are changed by the thread that runs steps while no task runs; contents are written by tasks that
// own them until the pool's next meeting.
final class Memory: @unchecked Sendable {
    /// The address of each buffer.
    private let bases: UnsafeMutablePointer<UnsafeMutableRawPointer>
    /// All buffers, then a cache line for what has no buffer of its own.
    private let block: ZeroedBlock

    /// Bytes that it has.
    var byteCount: Int { block.byteCount }

    /// Bytes of the memory of a placement.
    static func byteCount(_ placement: BufferPlacement) -> Int { placement.bytes.adding(saturating: 64) }

    /// Zeroed buffers, aligned to cache lines. One of no bytes is an entry that others fill in.
    init(_ placement: BufferPlacement) {
        block = ZeroedBlock(byteCount: Memory.byteCount(placement))
        bases = .allocate(capacity: max(1, placement.offsets.count))
        for (index, offset) in placement.offsets.enumerated() {
            (bases + index).initialize(to: block.address + (offset ?? placement.bytes))
        }
    }

    deinit { bases.deallocate() }

    /// The address of a buffer.
    @inline(__always)
    subscript(buffer: BufferID) -> UnsafeMutableRawPointer {
        get { bases[buffer.index] }
        set { bases[buffer.index] = newValue }
    }
}
