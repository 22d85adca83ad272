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

    /// What comes next at one end; nil when the other one is gone.
    private func received(_ descriptor: CInt, size: Int = BlockingSocket.bufferSize) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: size)
        return BlockingSocket(descriptor).receive(into: &buffer).map { Array(buffer[..<$0]) }
    }

    @Test func bytesGoBothWays() throws {
        try withPair { one, other in
            let (left, right) = (BlockingSocket(one), BlockingSocket(other))
            #expect(left.send([1, 2, 3]) && left.send([]) && right.send([4]))
            #expect(received(other) == [1, 2, 3])
            #expect(received(one) == [4])
        }
    }

    /// More than the buffer holds comes in parts.
    @Test func theRestWaits() throws {
        try withPair { one, other in
            #expect(BlockingSocket(one).send([1, 2, 3]))
            #expect(received(other, size: 2) == [1, 2])
            #expect(received(other, size: 2) == [3])
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
            var all: [UInt8] = []
            while let part = received(other) { all += part }
            done.wait()
            #expect(all == bytes)
        }
    }

    /// A daemon that is gone ends no process by a signal.
    @Test func theOtherEndIsGone() throws {
        try withPair { one, other in
            shutdown(other, CInt(SHUT_RDWR))
            let socket = BlockingSocket(one)
            #expect(received(one) == nil)
            #expect(!socket.send([1]))
            #expect(socket.send([]), "nothing is always sent")
        }
    }
}
