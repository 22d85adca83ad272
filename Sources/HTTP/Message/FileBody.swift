import Reactor

/// An open file and a stretch of it, as a response's body. Closes the descriptor when the last reference goes.
package final class FileBody: Sendable {
    /// The file, open for reading.
    package let descriptor: CInt
    /// The first byte that is sent.
    package let offset: Int64
    /// How many bytes are sent; the file must have them.
    package let length: Int64

    private let whenClosed: @Sendable () -> Void

    /// Takes over `descriptor`.
    /// - Parameter whenClosed: called once the descriptor is closed. Default nothing.
    package init(
        adopting descriptor: CInt, offset: Int64 = 0, length: Int64, whenClosed: @escaping @Sendable () -> Void = {}
    ) {
        precondition(offset >= 0 && length >= 0, "a stretch of a file has no negative numbers")
        self.descriptor = descriptor
        self.offset = offset
        self.length = length
        self.whenClosed = whenClosed
    }

    deinit {
        SystemCall.close(descriptor)
        whenClosed()
    }
}
