import Formats
import Glibc
import Synchronization
package import WorkerProtocol

/// The daemon's end of a worker's socket.
package final class WorkerPeer: Sendable {
    /// This end.
    package let descriptor: Int32
    /// The worker's.
    package let workerEnd: Int32

    /// The worker went away.
    package struct Ended: Error {
        /// There is nothing to say of it.
        package init() {}
    }

    /// Both ends of a new pair of sockets.
    package init() throws {
        var pair: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &pair) == 0 else { throw Ended() }
        (descriptor, workerEnd) = (pair[0], pair[1])
    }

    /// Sends a frame.
    package func send(_ frame: DaemonFrame) {
        let bytes = FrameCodec.encode(frame.json)
        _ = Glibc.send(descriptor, bytes, bytes.count, 0)
    }

    private let decoder = Mutex(FrameDecoder(limit: FrameCodec.workerLimit))

    /// Every frame up to one that the closure knows; default the outcome.
    package func frames(
        until isLast: (WorkerFrame) -> Bool = { if case .outcome = $0.report { true } else { false } }
    ) throws -> [WorkerFrame] {
        try decoder.withLock { try read(&$0, until: isLast) }
    }

    private func read(_ decoder: inout FrameDecoder, until isLast: (WorkerFrame) -> Bool) throws -> [WorkerFrame] {
        var frames: [WorkerFrame] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            while let json = try decoder.next() {
                let frame = try WorkerFrame(json)
                frames.append(frame)
                if isLast(frame) { return frames }
            }
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { throw Ended() }
            decoder.append(buffer[..<count])
        }
    }
}
