import Formats
import Glibc
import Synchronization
import Testing
import WorkerProtocol

/// The daemon's end of a worker's socket.
final class WorkerPeer: Sendable {
    let descriptor: Int32
    let workerEnd: Int32

    init() throws {
        var pair: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        try #require(socketpair(AF_UNIX, type, 0, &pair) == 0)
        (descriptor, workerEnd) = (pair[0], pair[1])
    }

    func send(_ frame: DaemonFrame) {
        let bytes = FrameCodec.encode(frame.json)
        _ = Glibc.send(descriptor, bytes, bytes.count, 0)
    }

    private let decoder = Mutex(FrameDecoder(limit: FrameCodec.workerLimit))

    /// Every frame up to one that the closure knows; default the outcome.
    func frames(
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
            try #require(count > 0)
            decoder.append(buffer[..<count])
        }
    }
}
