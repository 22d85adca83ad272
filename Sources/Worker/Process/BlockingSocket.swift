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

    /// Waits for bytes; nil when the daemon is gone.
    package func receive() -> [UInt8]? {
        while true {
            var count = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, initialized in
                // unsafe: the kernel fills the uninitialised buffer and says how far.
                count = Glibc.recv(descriptor, buffer.baseAddress, buffer.count, 0)
                initialized = max(0, count)
            }
            if count > 0 { return bytes }
            if count == 0 || errno != EINTR { return nil }
        }
    }
}
