/// Bytes of a client that were received and not used yet.
package struct ReceivedBytes {
    private var bytes: [UInt8] = []
    /// How many of `bytes` are used up.
    private var used = 0
    /// How many of `bytes` were looked at for a head in vain.
    private var tried = 0

    /// So many new bytes are worth a look even where no line has ended.
    private static let worthALook = 4_096

    /// Nothing was received.
    package init() {}

    /// Whether all is used.
    package var isEmpty: Bool { bytes.isEmpty }

    /// How many bytes are not used.
    package var count: Int { bytes.count - used }

    /// Whether it is worth the work to look for a head. One that came in small pieces is looked at again when a line ended
    /// or many bytes came, so that the work stays linear.
    package var mayHoldHead: Bool {
        tried == 0 || bytes.count - tried >= Self.worthALook || bytes[tried...].contains(0x0a)
    }

    /// Adds bytes behind those that wait. What is used is moved away before the array would have to grow: each byte is
    /// moved once or twice at most.
    package mutating func append(_ more: UnsafeRawBufferPointer) {
        if used > 0, 2 * used >= bytes.count {
            bytes.removeFirst(used)
            tried = max(0, tried - used)
            used = 0
        }
        bytes.append(contentsOf: more)
    }

    /// Adds what was left of bytes that were looked at where they were received.
    /// - Parameter isPartOfHead: whether they begin a head that is not whole.
    package mutating func append(_ rest: UnsafeRawBufferPointer, isPartOfHead: Bool) {
        bytes.append(contentsOf: rest)
        tried = isPartOfHead ? bytes.count : 0
    }

    /// Moves all of it out to be read, and says where what is not used begins.
    package mutating func moveOut() -> (bytes: [UInt8], start: Int) {
        var moved: [UInt8] = []
        swap(&moved, &bytes)
        let start = used
        drop()
        return (moved, start)
    }

    /// Takes back what `moveOut` gave.
    /// - Parameters:
    ///   - used: how many of the bytes are used by now.
    ///   - isPartOfHead: as of `append`.
    package mutating func moveBack(_ moved: consuming [UInt8], used: Int, isPartOfHead: Bool) {
        guard used < moved.count else { return }
        tried = isPartOfHead ? moved.count : 0
        self.used = used
        bytes = moved
    }

    /// Forgets all of it.
    package mutating func drop() {
        bytes = []
        used = 0
        tried = 0
    }
}
