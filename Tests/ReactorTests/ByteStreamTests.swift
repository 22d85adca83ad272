import Glibc
import Reactor
import Testing

@Suite(.timeLimit(.minutes(1))) struct ByteStreamTests {
    private func withPair(_ body: (Reactor, ByteStream, ByteStream) async throws -> Void) async throws {
        try await withReactor { reactor in
            let (left, right) = try socketPair()
            let first = try await stream(left, reactor)
            let second = try await stream(right, reactor)
            try await body(reactor, first, second)
            first.close()
            second.close()
        }
    }

    private func stream(_ descriptor: CInt, _ reactor: Reactor) async throws -> ByteStream {
        try await reactor.call { () throws(SystemError) in try ByteStream(adopting: descriptor, on: reactor) }
    }

    @Test func carriesMoreThanTheKernelHolds() async throws {
        try await withPair { _, first, second in
            let sent = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
            async let writing: Void = {
                try await first.write(Array(sent[..<1_000]))
                try await first.write(Array(sent[1_000...]))
                first.closeWriting()
            }()
            var received: [UInt8] = []
            while true {
                let bytes = try await second.read()
                if bytes.isEmpty { break }
                received += bytes
            }
            try await writing
            #expect(received == sent)
            // The other direction is still open.
            try await second.write([7])
            #expect(try await first.read() == [7])
        }
    }

    @Test func aReadEndsWithItsTask() async throws {
        try await withPair { _, first, second in
            let reading = Task { () throws(ByteStreamError) in try await first.read() }
            reading.cancel()
            await #expect(throws: ByteStreamError.cancelled) { _ = try await reading.value }
            try await second.write([1])
            #expect(try await first.read(upTo: 10) == [1])
        }
    }

    @Test func closingEndsWhatWaits() async throws {
        try await withPair { reactor, first, _ in
            async let reading = first.read()
            await reactor.call {}
            first.close()
            do {
                _ = try await reading
                Issue.record("the read returned")
            } catch {
                #expect(error as? ByteStreamError == .closed)
            }
            await #expect(throws: ByteStreamError.closed) { try await first.write([1]) }
            await #expect(throws: ByteStreamError.closed) { _ = try await first.read() }
        }
    }

    @Test func writingToNobodyIsAnError() async throws {
        try await withPair { reactor, first, second in
            second.close()
            await reactor.call {}
            let end = try await first.read()
            #expect(end == [])
            await #expect(throws: ByteStreamError.system(SystemError(call: "send", code: EPIPE))) {
                try await first.write([1])
            }
        }
    }
}
