import Foundation
import Glibc
import Testing
import Worker

@Suite struct BlockingSocketTests {
    /// Two ends of a socket, closed in the end.
    private func withPair(_ body: (CInt, CInt) throws -> Void) throws {
        var pair: [CInt] = [-1, -1]
        try #require(socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0, &pair) == 0)
        defer { for descriptor in pair { close(descriptor) } }
        try body(pair[0], pair[1])
    }

    @Test func bytesGoBothWays() throws {
        try withPair { one, other in
            let (left, right) = (BlockingSocket(one), BlockingSocket(other))
            #expect(left.send([1, 2, 3]) && left.send([]) && right.send([4]))
            #expect(right.receive() == [1, 2, 3])
            #expect(left.receive() == [4])
        }
    }

    /// More than a socket holds: the sender waits until the other end has taken all of it.
    @Test func aLongPieceIsSentWhole() throws {
        try withPair { one, other in
            let bytes = (0..<1_500_000).map { UInt8(truncatingIfNeeded: $0 &* 13) }
            let done = DispatchSemaphore(value: 0)
            Thread {
                _ = BlockingSocket(one).send(bytes)
                shutdown(one, CInt(SHUT_WR))
                done.signal()
            }.start()
            var received: [UInt8] = []
            while let part = BlockingSocket(other).receive() { received += part }
            done.wait()
            #expect(received == bytes)
        }
    }

    /// A daemon that is gone ends no process by a signal.
    @Test func theOtherEndIsGone() throws {
        try withPair { one, other in
            shutdown(other, CInt(SHUT_RDWR))
            let socket = BlockingSocket(one)
            #expect(socket.receive() == nil)
            #expect(!socket.send([1]))
            #expect(socket.send([]), "nothing is always sent")
        }
    }
}
