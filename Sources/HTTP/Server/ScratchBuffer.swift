/// The one output buffer that a server lends to the connection that is writing, so that an idle connection keeps none.
package final class ScratchBuffer {
    /// Bytes that the borrower has written and not sent.
    // Whoever writes here calls nobody who would.
    @exclusivity(unchecked) package var bytes: [UInt8] = []
    /// The borrower's descriptor.
    @exclusivity(unchecked) private var borrower: CInt?

    /// A larger buffer than this is not kept.
    private static let mostKept = 1 << 20

    /// A buffer that nobody has.
    package init() {}

    /// Whether the connection of a descriptor has it.
    package func isLent(to descriptor: CInt) -> Bool { borrower == descriptor }

    /// Lends it, if it is free or the same connection's already.
    package func lend(to descriptor: CInt) -> Bool {
        if borrower == nil { borrower = descriptor }
        return borrower == descriptor
    }

    /// Takes it back, empty; does nothing when another connection has it.
    package func takeBack(from descriptor: CInt) {
        guard borrower == descriptor else { return }
        borrower = nil
        bytes.removeAll(keepingCapacity: bytes.capacity <= Self.mostKept)
    }
}
