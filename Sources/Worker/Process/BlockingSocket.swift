import Glibc

/// A child process's end of the socket to the daemon, as bytes: calls wait.
package struct BlockingSocket: Sendable {
    private let descriptor: Int32

    /// Takes over a connected stream socket.
    package init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Writes all of it; waits while the socket is full. False when the daemon is gone.
    package func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            // unsafe: the bytes live through the call.
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(descriptor, buffer.baseAddress! + sent, buffer.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count >= 0 {
                sent += count
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }

    /// What a buffer of bytes that come holds.
    package static let bufferSize = 1 << 16

    /// Waits for bytes, as many as the buffer holds at most: how many have come, or nil when the daemon is gone.
    package func receive(into buffer: inout [UInt8]) -> Int? {
        while true {
            // unsafe: the kernel fills the buffer, which lives through the call.
            let count = buffer.withUnsafeMutableBytes { Glibc.recv(descriptor, $0.baseAddress, $0.count, 0) }
            if count > 0 { return count }
            if count == 0 || errno != EINTR { return nil }
        }
    }
}
