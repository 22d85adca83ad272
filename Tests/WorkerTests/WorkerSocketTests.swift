import Formats
import Glibc
import Jobs
import Testing
import Worker
import WorkerProtocol

@Suite struct WorkerSocketTests {
    /// Two ends of a socket, closed in the end.
    private func withPair(_ body: (CInt, CInt) throws -> Void) throws {
        var pair: [CInt] = [-1, -1]
        try #require(socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0, &pair) == 0)
        defer { for descriptor in pair { close(descriptor) } }
        try body(pair[0], pair[1])
    }

    private func words(_ reading: WorkerSocket.Reading) -> String {
        switch reading {
        case .frame(let frame): "\(frame)"
        case .end: "end"
        case .malformed(let error): "malformed: \(error)"
        }
    }

    @Test func framesAreReadOneByOneAndThenTheEnd() throws {
        try withPair { daemon, worker in
            let frames: [DaemonFrame] = [.stop(.pause), .checkpoint, .stop(.kill)]
            let bytes = frames.flatMap { FrameCodec.encode($0.json) }
            #expect(send(daemon, bytes, bytes.count, 0) == bytes.count)
            shutdown(daemon, CInt(SHUT_WR))
            let socket = WorkerSocket(worker)
            for frame in frames { #expect(words(socket.next()) == "\(frame)") }
            #expect(words(socket.next()) == "end")
        }
    }

    @Test(
        arguments: [
            ([0, 0, 0, 0], "malformed: a frame of 0 bytes"),
            ([0, 0, 0, 2, 91, 93], "malformed: a frame that is not a JSON object"),
            (FrameCodec.encode(["frame": "dance"]), "malformed: a frame called 'dance'"),
            // Half a frame, and nobody to send the rest.
            ([0, 0, 0, 9, 1], "end"),
        ] as [([UInt8], String)])
    func anythingElseIsAsGoodAsGone(bytes: [UInt8], reading: String) throws {
        try withPair { daemon, worker in
            #expect(send(daemon, bytes, bytes.count, 0) == bytes.count)
            shutdown(daemon, CInt(SHUT_WR))
            #expect(words(WorkerSocket(worker).next()).hasPrefix(reading))
        }
    }

    @Test func onceTheDaemonIsGoneNothingIsSent() throws {
        try withPair { daemon, worker in
            let socket = WorkerSocket(worker)
            socket.send(WorkerFrame(epoch: 3, report: .log(bytes: 7)))
            var decoder = FrameDecoder(limit: FrameCodec.workerLimit)
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = recv(daemon, &buffer, buffer.count, 0)
            decoder.append(buffer.prefix(max(0, count)))
            let frame = try WorkerFrame(#require(try decoder.next()))
            #expect(frame == WorkerFrame(epoch: 3, report: .log(bytes: 7)))
            shutdown(daemon, CInt(SHUT_RDWR))
            for _ in 0..<3 { socket.send(WorkerFrame(epoch: 3, report: .log(bytes: 8))) }
        }
    }
}
