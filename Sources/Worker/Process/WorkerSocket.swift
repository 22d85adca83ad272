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

    private let socket: BlockingSocket
    /// Guards writing, so that frames never mix. False once the daemon is gone.
    private let open = Mutex(true)
    /// Only the reading thread takes it.
    private let incoming = Mutex(Incoming())

    private struct Incoming {
        var decoder = FrameDecoder(limit: FrameCodec.daemonLimit)
        var buffer = [UInt8](repeating: 0, count: BlockingSocket.bufferSize)
    }

    /// Takes over a connected stream socket.
    package init(_ descriptor: Int32) { socket = BlockingSocket(descriptor) }

    /// Writes a frame; waits while the socket is full. Nothing happens once the daemon is gone.
    package func send(_ frame: WorkerFrame) {
        let bytes = FrameCodec.encode(frame.json)
        open.withLock { open in
            if open { open = socket.send(bytes) }
        }
    }

    /// Waits for the next frame. To be called by one thread at a time.
    package func next() -> Reading {
        incoming.withLock { incoming in
            do throws(FrameError) {
                while true {
                    if let json = try incoming.decoder.next() { return .frame(try DaemonFrame(json)) }
                    guard let count = socket.receive(into: &incoming.buffer) else { return .end }
                    incoming.decoder.append(incoming.buffer[..<count])
                }
            } catch {
                return .malformed(error)
            }
        }
    }
}
