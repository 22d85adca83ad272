import CLinux
import Formats
import Glibc
import Synchronization
package import WorkerProtocol

/// The worker's end of the socket to the daemon: blocking, frames written whole by whichever thread has one.
package final class WorkerSocket: Sendable {
    /// What reading gave.
    package enum Reading: Sendable {
        /// A frame.
        case frame(DaemonFrame)
        /// The daemon is gone.
        case end
        /// It sent something else: as good as gone.
        case malformed(FrameError)
    }

    private let descriptor: Int32
    /// Guards writing, so that frames never mix. False once the daemon is gone.
    private let open = Mutex(true)
    /// Only the reading thread takes it.
    private let decoder = Mutex(FrameDecoder(limit: FrameCodec.daemonLimit))

    /// Takes over a connected stream socket.
    package init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Writes a frame; waits while the socket is full. Nothing happens once the daemon is gone.
    package func send(_ frame: WorkerFrame) {
        let bytes = FrameCodec.encode(frame.json)
        open.withLock { open in
            var sent = 0
            while open, sent < bytes.count {
                // unsafe: the bytes live through the call.
                let count = bytes.withUnsafeBytes { buffer in
                    Glibc.send(descriptor, buffer.baseAddress! + sent, buffer.count - sent, Int32(MSG_NOSIGNAL))
                }
                if count >= 0 {
                    sent += count
                } else if errno != EINTR {
                    open = false
                }
            }
        }
    }

    /// Waits for the next frame. To be called by one thread at a time.
    package func next() -> Reading {
        decoder.withLock { decoder in
            do throws(FrameError) {
                while true {
                    if let json = try decoder.next() { return .frame(try DaemonFrame(json)) }
                    guard let bytes = receive() else { return .end }
                    decoder.append(bytes)
                }
            } catch {
                return .malformed(error)
            }
        }
    }

    private func receive() -> [UInt8]? {
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
