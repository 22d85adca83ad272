import Daemon
import Formats
import Glibc
import Reactor
import Synchronization
import Testing
import WorkerProtocol

/// The daemon's end of a socket, with a test at the other end.
@Suite(.timeLimit(.minutes(10))) struct FrameChannelTests {
    /// What came, in order.
    private final class Inbox: Sendable {
        private let words = Mutex<[String]>([])

        func take(_ event: WorkerChannel.Event) {
            let word =
                switch event {
                case .frame(let frame): "\(frame.report)"
                case .malformed(let words): "malformed: \(words)"
                }
            words.withLock { $0.append(word) }
        }

        var all: [String] { words.withLock { $0 } }

        func until(_ count: Int) async throws {
            while all.count < count {
                try Task.checkCancellation()
                await Task.yield()
            }
        }
    }

    private struct Test {
        var reactor: EventLoop
        var channel: WorkerChannel
        var inbox: Inbox
        /// The child's end, which waits.
        var other: CInt

        func write(_ bytes: [UInt8]) { _ = Glibc.send(other, bytes, bytes.count, CInt(MSG_NOSIGNAL)) }
    }

    private func withChannel(_ body: (Test) async throws -> Void) async throws {
        let reactor = try EventLoop()
        let thread = try reactor.start()
        var pair: [CInt] = [-1, -1]
        try #require(socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0, &pair) == 0)
        try SystemCall.setNonBlocking(pair[0])
        let inbox = Inbox()
        let result: Result<Void, any Error>
        do {
            let channel = try await reactor.call { [pair] in
                try WorkerChannel(pair[0], reader: WorkerFrameReader(), reactor: reactor, receive: inbox.take)
            }
            let test = Test(reactor: reactor, channel: channel, inbox: inbox, other: pair[1])
            do {
                try await body(test)
                result = .success(())
            } catch { result = .failure(error) }
            await reactor.call { channel.drainAndClose() }
        } catch {
            result = .failure(error)
        }
        close(pair[1])
        reactor.stop()
        thread.join()
        try result.get()
    }

    private static func frame(_ bytes: Int) -> [UInt8] {
        FrameCodec.encode(WorkerFrame(epoch: 1, report: .log(bytes: bytes)).json)
    }

    @Test func framesComeInOrderHoweverTheyAreCut() async throws {
        try await withChannel { test in
            let bytes = (0..<50).flatMap(Self.frame)
            for start in stride(from: 0, to: bytes.count, by: 7) {
                test.write(Array(bytes[start..<min(bytes.count, start + 7)]))
            }
            try await test.inbox.until(50)
            #expect(test.inbox.all == (0..<50).map { "\(WorkerReport.log(bytes: $0))" })
        }
    }

    @Test func afterNonsenseNothingMoreIsRead() async throws {
        try await withChannel { test in
            test.write(Self.frame(1) + [0, 0, 0, 0] + Self.frame(2))
            try await test.inbox.until(2)
            test.write(Self.frame(3))
            await test.reactor.call { test.channel.drainAndClose() }
            #expect(test.inbox.all.count == 2)
            #expect(test.inbox.all[0] == "\(WorkerReport.log(bytes: 1))")
            #expect(test.inbox.all[1].hasPrefix("malformed: a frame of 0 bytes"))
        }
    }

    /// A worker's last words are read even when nothing has told of them yet.
    @Test func whatIsThereIsReadBeforeTheEnd() async throws {
        try await withChannel { test in
            await test.reactor.call {
                for number in 0..<50 { test.write(Self.frame(number)) }
                test.channel.drainAndClose()
            }
            #expect(test.inbox.all.count == 50)
            var byte: UInt8 = 0
            #expect(recv(test.other, &byte, 1, 0) <= 0, "the channel is closed")
        }
    }

    /// More than a socket holds, in several pieces: the other end gets every byte in order.
    @Test func whatTheSocketDoesNotTakeAtOnceIsSentLater() async throws {
        try await withChannel { test in
            let pieces = (0..<5).map { number in (0..<700_001).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ number) } }
            await test.reactor.call { for piece in pieces { test.channel.send(piece) } }
            let expected = pieces.flatMap { $0 }
            let other = test.other
            let received = await Task.detached {
                var all: [UInt8] = []
                var buffer = [UInt8](repeating: 0, count: 1 << 16)
                while all.count < expected.count {
                    let count = recv(other, &buffer, buffer.count, 0)
                    guard count > 0 else { break }
                    all += buffer[..<count]
                }
                return all
            }.value
            #expect(received == expected)
        }
    }

    @Test func aProcessThatIsGoneIsNoFault() async throws {
        try await withChannel { test in
            shutdown(test.other, CInt(SHUT_RDWR))
            await test.reactor.call {
                for _ in 0..<3 { test.channel.send([UInt8](repeating: 0, count: 1 << 20)) }
                test.channel.send(.checkpoint)
            }
            #expect(test.inbox.all.isEmpty)
        }
    }
}
