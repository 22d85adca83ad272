import Glibc
import Graph

/// Zeroed memory that starts on a cache line. What is large the system hands out page by page as it is first written to: a
/// step begins at once, and the thread that uses a page is the one that waits for it.
// @unchecked: who uses the memory sees to it that no two do at once.
package final class ZeroedBlock: @unchecked Sendable {
    /// Where it starts.
    package let address: UnsafeMutableRawPointer
    /// Bytes that were asked for.
    package let byteCount: Int
    private let allocation: UnsafeMutableRawPointer

    /// Bytes of a cache line.
    private static let line = 64

    /// A block of so many bytes. An allocation that fails ends the process, as any does in Swift, and in the words that Swift's
    /// runtime has for it.
    package init(byteCount: Int) {
        guard let allocation = calloc(1, byteCount.adding(saturating: ZeroedBlock.line - 1)) else {
            // As all of Swift's allocations; the plan was held against the machine's memory before.
            fatalError("failed to allocate \(byteCount) bytes of memory")
        }
        self.allocation = allocation
        self.byteCount = byteCount
        address = allocation.alignedUp(toMultipleOf: ZeroedBlock.line)
    }

    deinit { free(allocation) }
}
