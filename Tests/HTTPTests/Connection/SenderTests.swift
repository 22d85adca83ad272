import Glibc
import HTTP
import Reactor
import ReactorSupport
import Synchronization
import TestSupport
import Testing

/// What is sent, and when, by calls that take what a script says.
@Suite struct SenderTests {
    private static let now = MonotonicInstant(nanoseconds: 1)

    /// A connection's other side.
    private final class Client: Sendable {
        private let bytes = Mutex<[UInt8]>([])

        var received: [UInt8] { bytes.withLock { $0 } }

        /// Calls that take everything.
        var calls: SocketCalls {
            SocketCalls(
                receive: SocketCalls.kernel.receive,
                send: { [self] _, buffer in
                    bytes.withLock { $0 += buffer }
                    return buffer.count
                }, accept: SocketCalls.kernel.accept)
        }
    }

    private func sender(
        _ client: Client, _ script: [ScriptedCalls.Step], scratch: ScratchBuffer = ScratchBuffer(),
        as descriptor: CInt = 3
    ) -> Sender {
        let scripted = ScriptedCalls(send: script, otherwise: client.calls)
        return Sender(descriptor, scratch: scratch, calls: scripted.calls, now: Self.now)
    }

    /// Whatever the kernel takes of it at a time, what was written arrives once and in order.
    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64]) func everythingArrivesInOrder(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let client = Client()
        let script = (0..<2_000).map { _ -> ScriptedCalls.Step in
            switch random.below(4) {
            case 0: .fail(EAGAIN)
            case 1: .fail(EINTR)
            default: .atMost(random.below(20_000) + 1)
            }
        }
        let scratch = ScratchBuffer()
        var sender = sender(client, script, scratch: scratch)
        // Has the buffer now and then, as other connections do.
        var other = self.sender(Client(), [], scratch: scratch, as: 4)
        var written: [UInt8] = []
        for step in 0..<400 {
            let bytes = (0..<random.below(step % 10 == 0 ? 100_000 : 500)).map {
                UInt8(truncatingIfNeeded: $0 &* 31 &+ step)
            }
            switch random.below(6) {
            case 0: try sender.flush()
            case 1: other.write([1], at: Self.now)
            case 2: try other.flush()
            case 3:
                sender.write(at: Self.now) { $0 += bytes }
                written += bytes
            default:
                sender.write(bytes, at: Self.now)
                written += bytes
            }
            #expect(sender.unsent == written.count - client.received.count, "seed \(seed), step \(step)")
            #expect(sender.hasRoom == (sender.unsent <= Sender.roomBelow), "seed \(seed), step \(step)")
        }
        var turns = 0
        while sender.unsent > 0, turns < 10_000 {
            try sender.flush()
            turns += 1
        }
        #expect(client.received == written, "seed \(seed)")
    }

    @Test func aBrokenConnectionIsAnErrorAndWhatWaitsIsForgotten() async {
        let client = Client()
        var sender = sender(client, [.atMost(2), .fail(ECONNRESET)])
        sender.write(Array("hello".utf8), at: Self.now)
        #expect(throws: SystemError(call: "send", code: ECONNRESET)) { try sender.flush() }
        #expect(client.received == Array("he".utf8))
        sender.close()
        #expect(sender.unsent == 0)
        #expect(throws: Never.self) { try sender.flush() }
        #expect(client.received == Array("he".utf8))
    }

    @Test func aStreamWaitsUntilThereIsRoom() async throws {
        let client = Client()
        let sender = Box(sender(client, [.fail(EAGAIN), .fail(EAGAIN)]))
        let first = await withCheckedContinuation { sender.value.wait($0) }
        #expect(throws: Never.self) { try first.get() }
        sender.value.write([UInt8](repeating: 0, count: Sender.roomBelow + 1), at: Self.now)
        var resumedEarly = false
        let second = await withCheckedContinuation { continuation in
            sender.value.wait(continuation)
            try? sender.value.flush()
            sender.value.resumeWriter()
            // Twice resumed would trap: it still waits here.
            resumedEarly = sender.value.hasRoom
            try? sender.value.flush()
            try? sender.value.flush()
            sender.value.resumeWriter()
            sender.value.resumeWriter()
        }
        #expect(!resumedEarly)
        #expect(throws: Never.self) { try second.get() }
        sender.value.write([UInt8](repeating: 0, count: Sender.roomBelow + 1), at: Self.now)
        let last = await withCheckedContinuation { continuation in
            sender.value.wait(continuation)
            sender.value.close()
        }
        #expect(throws: ResponseWriterError.connectionClosed) { try last.get() }
    }

    @Test func paceIsCountedFromTheFirstByteThatWaits() throws {
        let client = Client()
        var sender = sender(client, [.atMost(2), .fail(EAGAIN), .fail(EAGAIN)])
        let later = Self.now + .seconds(5)
        let latest = Self.now + .seconds(6)
        sender.write([1, 2, 3], at: later)
        try sender.flush()
        sender.write([4], at: latest)
        #expect(sender.pace.began == later)
        var timeouts = ServerConfiguration.Timeouts()
        timeouts.send = .seconds(1)
        timeouts.minimumReadRate = 2
        #expect(sender.pace.isEnough(timeouts))
        timeouts.minimumReadRate = 3
        #expect(!sender.pace.isEnough(timeouts))
        try sender.flush()
        sender.write([5], at: latest)
        #expect(sender.pace.began == latest)
    }

    @Test func manyBytesAreNotCopied() throws {
        let large = [UInt8](repeating: 1, count: 1 << 20)
        let address = large.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
        let seen = Mutex<[UInt]>([])
        let calls = SocketCalls(
            receive: SocketCalls.kernel.receive,
            send: { _, buffer in
                seen.withLock { $0.append(UInt(bitPattern: buffer.baseAddress)) }
                return buffer.count
            }, accept: SocketCalls.kernel.accept)
        var sender = Sender(3, scratch: ScratchBuffer(), calls: calls, now: Self.now)
        sender.write([1, 2, 3], at: Self.now)
        sender.write(large, at: Self.now)
        try sender.flush()
        #expect(seen.withLock { $0.last } == address)
    }

    private final class Box {
        var value: Sender
        init(_ value: consuming Sender) { self.value = value }
    }
}
