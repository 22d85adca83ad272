import CLinux
import Glibc
import Reactor
import ReactorSupport
import Testing

/// What becomes of `errno` and of short counts, with calls that fail when they are told to.
@Suite struct SystemCallTests {
    private typealias Step = ScriptedCalls.Step

    /// Calls that move all bytes and accept descriptor 7.
    private static let willing = SocketCalls(
        receive: { _, buffer in
            buffer.initializeMemory(as: UInt8.self, repeating: 0x61)
            return buffer.count
        }, send: { $1.count }, accept: { _, _, _ in 7 })

    private enum Outcome: Equatable {
        case moved(IOResult)
        case failed(SystemError)
    }

    private static func outcome(_ body: () throws(SystemError) -> IOResult) -> Outcome {
        do throws(SystemError) {
            return .moved(try body())
        } catch {
            return .failed(error)
        }
    }

    private static func receive(_ script: [Step], otherwise base: SocketCalls = willing) -> Outcome {
        let calls = ScriptedCalls(receive: script, otherwise: base).calls
        var buffer = [UInt8](repeating: 0, count: 10)
        return buffer.withUnsafeMutableBytes { room in
            outcome { () throws(SystemError) in try SystemCall.receive(3, into: room, by: calls) }
        }
    }

    private static func send(_ script: [Step], from start: Int = 0) -> Outcome {
        let calls = ScriptedCalls(send: script, otherwise: willing).calls
        return outcome { () throws(SystemError) in
            try SystemCall.send(3, [UInt8](repeating: 1, count: 10), from: start, by: calls)
        }
    }

    @Test func interruptedCallsAreRepeated() {
        #expect(Self.receive([.fail(EINTR), .fail(EINTR), .atMost(4)]) == .moved(.bytes(4)))
        #expect(Self.send([.fail(EINTR), .fail(EINTR), .fail(EINTR)]) == .moved(.bytes(10)))
        #expect(Self.send([.fail(EINTR), .fail(EPIPE)]) == .failed(SystemError(call: "send", code: EPIPE)))
    }

    @Test func wouldBlockIsAResult() {
        #expect(Self.receive([.fail(EAGAIN)]) == .moved(.wouldBlock))
        #expect(Self.receive([.fail(EINTR), .fail(EWOULDBLOCK)]) == .moved(.wouldBlock))
        #expect(Self.send([.fail(EAGAIN)]) == .moved(.wouldBlock))
    }

    @Test(arguments: [ECONNRESET, EPIPE, EBADF, ENOMEM]) func everythingElseIsAnError(code: CInt) {
        #expect(Self.receive([.fail(code)]) == .failed(SystemError(call: "recv", code: code)))
        #expect(Self.send([.fail(code)]) == .failed(SystemError(call: "send", code: code)))
    }

    @Test func shortCountsAreTold() {
        #expect(Self.receive([.atMost(1)]) == .moved(.bytes(1)))
        #expect(Self.send([.atMost(3)], from: 5) == .moved(.bytes(3)))
        #expect(Self.send([], from: 8) == .moved(.bytes(2)))
        let ended = SocketCalls(
            receive: { _, _ in 0 }, send: Self.willing.send, accept: Self.willing.accept)
        #expect(Self.receive([], otherwise: ended) == .moved(.end))
    }

    @Test(arguments: [(EINTR, nil), (EAGAIN, nil), (EMFILE, EMFILE), (ECONNABORTED, ECONNABORTED)] as [(CInt, CInt?)])
    func acceptTellsAnEmptyQueueFromAnError(code: CInt, expected: CInt?) {
        let calls = ScriptedCalls(accept: [.fail(code)], otherwise: Self.willing).calls
        var storage = sockaddr()
        var length = socklen_t(MemoryLayout<sockaddr>.size)
        var accepted: CInt?
        var failed: CInt?
        do throws(SystemError) {
            accepted = try SystemCall.accept(3, &storage, &length, by: calls)
        } catch {
            failed = error.code
        }
        #expect(failed == expected)
        #expect(accepted == (code == EINTR ? 7 : nil))
    }

    @Test func theUserAtTheOtherEndIsKnown() throws {
        let (ours, theirs) = try socketPair()
        defer { close(theirs) }
        #expect(SystemCall.peerUser(ours) == geteuid())
        close(ours)
        #expect(SystemCall.peerUser(-1) == nil)
    }

    @Test func theKernelsCallsMoveBytes() throws {
        var byte: UInt8 = 0
        #expect(throws: SystemError(call: "recv", code: EBADF)) {
            try withUnsafeMutableBytes(of: &byte) { _ = try SystemCall.receive(-1, into: $0) }
        }
        let (ours, theirs) = try socketPair()
        defer { close(ours) }
        let empty = try withUnsafeMutableBytes(of: &byte) { try SystemCall.receive(ours, into: $0) }
        #expect(empty == .wouldBlock)
        #expect(try SystemCall.send(theirs, [1, 2], from: 1) == .bytes(1))
        #expect(SystemCall.hasUnread(ours))
        let one = try withUnsafeMutableBytes(of: &byte) { try SystemCall.receive(ours, into: $0) }
        #expect(one == .bytes(1))
        #expect(byte == 2)
        #expect(!SystemCall.hasUnread(ours))
        close(theirs)
        let ended = try withUnsafeMutableBytes(of: &byte) { try SystemCall.receive(ours, into: $0) }
        #expect(ended == .end)
        #expect(throws: SystemError(call: "send", code: EPIPE)) { _ = try SystemCall.send(ours, [1], from: 0) }
    }
}
