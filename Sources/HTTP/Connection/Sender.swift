package import Reactor

/// What one connection has written and the kernel has not taken, and the stream that waits until it has taken enough.
package struct Sender {
    /// What a stream's write waits for.
    package typealias Writer = CheckedContinuation<Result<Void, ResponseWriterError>, Never>

    /// A stream's write returns once so few bytes wait for the client.
    package static var roomBelow: Int { 64 << 10 }

    /// How fast the client takes what waits.
    package private(set) var pace: SendPace

    private let descriptor: CInt
    private let scratch: ScratchBuffer
    private let calls: SocketCalls
    /// What comes before it in `scratch`, if this connection has that.
    private var pending = OutputQueue()
    private var writer: Writer?

    /// A sender to a connected, non-blocking socket that another closes.
    package init(_ descriptor: CInt, scratch: ScratchBuffer, calls: SocketCalls, now: MonotonicInstant) {
        self.descriptor = descriptor
        self.scratch = scratch
        self.calls = calls
        pace = SendPace(now)
    }

    /// How many bytes wait for the client.
    package var unsent: Int { pending.count + (scratch.isLent(to: descriptor) ? scratch.bytes.count : 0) }

    /// Whether little waits for the client.
    package var hasRoom: Bool { unsent <= Self.roomBelow }

    // MARK: Writing

    /// Lets `body` add bytes at the end of an array: the server's one buffer while this connection has it.
    package mutating func write(at now: MonotonicInstant, _ body: (inout [UInt8]) -> Void) {
        if unsent == 0 { beginWindow(now) }
        if pending.isEmpty, scratch.lend(to: descriptor) { body(&scratch.bytes) } else { pending.write(body) }
    }

    /// Adds bytes at the end; many are not copied.
    package mutating func write(_ bytes: [UInt8], at now: MonotonicInstant) {
        guard bytes.count >= OutputQueue.large else { return write(at: now) { $0.append(contentsOf: bytes) } }
        if unsent == 0 { beginWindow(now) }
        if scratch.isLent(to: descriptor) {
            pending.write { [scratch] in $0.append(contentsOf: scratch.bytes) }
            scratch.takeBack(from: descriptor)
        }
        pending.append(bytes)
    }

    /// Begins to count how fast the client takes what waits for it.
    package mutating func beginWindow(_ now: MonotonicInstant) { pace = SendPace(now) }

    // MARK: Sending

    /// Sends what waits, as far as the kernel takes it.
    /// - Throws: `SystemError` of send(2): the connection is broken and the sender must be closed.
    package mutating func flush() throws(SystemError) {
        if scratch.isLent(to: descriptor) {
            let taken = try send(scratch.bytes, from: 0)
            if taken < scratch.bytes.count {
                pending.write { [scratch] in $0.append(contentsOf: scratch.bytes[taken...]) }
            }
            scratch.takeBack(from: descriptor)
        }
        while let (bytes, start) = pending.next {
            let taken = try send(bytes, from: start)
            pending.drop(taken)
            if taken < bytes.count - start { return }
        }
    }

    /// How many of the bytes from `start` on the kernel took.
    private mutating func send(_ bytes: [UInt8], from start: Int) throws(SystemError) -> Int {
        var index = start
        while index < bytes.count {
            guard case .bytes(let count) = try SystemCall.send(descriptor, bytes, from: index, by: calls) else { break }
            index += count
            pace.took(count)
        }
        return index - start
    }

    // MARK: The stream

    /// Lets a stream's write go on: at once when there is room, otherwise from `resumeWriter`.
    package mutating func wait(_ continuation: Writer) {
        precondition(writer == nil, "a stream has one write at a time")
        if hasRoom { continuation.resume(returning: .success(())) } else { writer = continuation }
    }

    /// Lets a stream go on when there is room again.
    package mutating func resumeWriter() {
        guard hasRoom, let waiting = writer.take() else { return }
        waiting.resume(returning: .success(()))
    }

    /// Forgets what waits; a stream's write ends with `connectionClosed`.
    package mutating func close() {
        scratch.takeBack(from: descriptor)
        pending = OutputQueue()
        writer.take()?.resume(returning: .failure(.connectionClosed))
    }
}
