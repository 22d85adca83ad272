import Glibc
import Synchronization

/// Why a `ByteStream` cannot go on.
package enum ByteStreamError: Error, Equatable, Sendable {
    /// This side was closed.
    case closed
    /// The task was cancelled; for a write, some of its bytes may have gone.
    case cancelled
    /// The kernel refused: broken pipe, connection reset.
    case system(SystemError)
}

/// A connected socket as async reads and writes of bytes. From anywhere; the work is done on the reactor.
///
/// At most one read waits at a time; writes are sent in the order in which they were asked for, and each returns once
/// the kernel has taken all of its bytes.
// @unchecked: all but the atomic flags of a ticket is touched on the reactor alone.
package final class ByteStream: @unchecked Sendable {
    /// One waiting call, so that its cancellation finds it.
    private final class Ticket: Sendable {
        let cancelled = Atomic(false)
    }

    private struct Write {
        let ticket: Ticket
        let bytes: [UInt8]
        var sent = 0
        let continuation: CheckedContinuation<Result<Void, ByteStreamError>, Never>
    }

    private typealias Reading = CheckedContinuation<Result<[UInt8], ByteStreamError>, Never>

    private let reactor: Reactor
    private let descriptor: CInt
    private var registration: Registration?
    private var closed = false
    private var reader: (ticket: Ticket, limit: Int, continuation: Reading)?
    private var writes: [Write] = []
    private var endsWriting = false

    /// Takes over `descriptor`, which is made non-blocking. On the reactor.
    /// - Throws: `SystemError` when it cannot be watched; it is closed then.
    package init(adopting descriptor: CInt, on reactor: Reactor) throws(SystemError) {
        self.reactor = reactor
        self.descriptor = descriptor
        do throws(SystemError) {
            try SystemCall.setNonBlocking(descriptor)
            registration = try reactor.register(descriptor) { [weak self] readiness in self?.ready(readiness) }
        } catch {
            SystemCall.close(descriptor)
            closed = true
            throw error
        }
    }

    deinit {
        guard !closed else { return }
        let registration = registration
        reactor.perform { [reactor, descriptor] in
            if let registration { reactor.deregister(registration) }
            SystemCall.close(descriptor)
        }
    }

    /// The next bytes, at most `limit`; empty at the end of the other side's bytes.
    package func read(upTo limit: Int = 65_536) async throws(ByteStreamError) -> [UInt8] {
        precondition(limit > 0, "a read takes at least one byte")
        let ticket = Ticket()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: Reading) in
                reactor.perform { self.beginRead(ticket, limit, continuation) }
            }
        } onCancel: {
            ticket.cancelled.store(true, ordering: .relaxed)
            reactor.perform { self.cancelRead(ticket) }
        }
        return try result.get()
    }

    /// Sends all of `bytes`.
    package func write(_ bytes: [UInt8]) async throws(ByteStreamError) {
        guard !bytes.isEmpty else { return }
        let ticket = Ticket()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                reactor.perform {
                    self.beginWrite(Write(ticket: ticket, bytes: bytes, continuation: continuation))
                }
            }
        } onCancel: {
            ticket.cancelled.store(true, ordering: .relaxed)
            reactor.perform { self.cancelWrite(ticket) }
        }
        return try result.get()
    }

    /// Sends the end of this side's bytes once the waiting writes are through; reading goes on.
    package func closeWriting() {
        reactor.perform {
            self.endsWriting = true
            if self.writes.isEmpty { self.shutdownWriting() }
        }
    }

    /// Closes; what waits ends with `.closed`.
    package func close() {
        reactor.perform { self.finish(.closed) }
    }

    // MARK: On the reactor

    private func ready(_ readiness: Readiness) {
        if readiness.isReadable || readiness.isPeerClosed || readiness.isBroken { continueRead() }
        if readiness.isWritable || readiness.isBroken { continueWrites() }
    }

    private func beginRead(_ ticket: Ticket, _ limit: Int, _ continuation: Reading) {
        precondition(reader == nil, "one read at a time")
        if ticket.cancelled.load(ordering: .relaxed) { return continuation.resume(returning: .failure(.cancelled)) }
        if closed { return continuation.resume(returning: .failure(.closed)) }
        reader = (ticket, limit, continuation)
        continueRead()
    }

    private func continueRead() {
        guard !closed, let (_, limit, continuation) = reader else { return }
        let result: Result<[UInt8], ByteStreamError>
        do throws(SystemError) {
            var outcome = Transfer.wouldBlock
            let bytes = try [UInt8](unsafeUninitializedCapacity: limit) { buffer, count throws(SystemError) in
                outcome = try SystemCall.receive(descriptor, into: UnsafeMutableRawBufferPointer(buffer))
                if case .bytes(let read) = outcome { count = read }
            }
            if outcome == .wouldBlock { return }
            result = .success(bytes)
        } catch {
            // A reset after the other side's last byte is its end, too.
            result = error.code == ECONNRESET ? .success([]) : .failure(.system(error))
        }
        reader = nil
        continuation.resume(returning: result)
    }

    private func cancelRead(_ ticket: Ticket) {
        guard let reader, reader.ticket === ticket else { return }
        self.reader = nil
        reader.continuation.resume(returning: .failure(.cancelled))
    }

    private func beginWrite(_ write: Write) {
        if write.ticket.cancelled.load(ordering: .relaxed) {
            return write.continuation.resume(returning: .failure(.cancelled))
        }
        if closed || endsWriting { return write.continuation.resume(returning: .failure(.closed)) }
        writes.append(write)
        if writes.count == 1 { continueWrites() }
    }

    private func continueWrites() {
        while !closed, let write = writes.first {
            var sent = write.sent
            do throws(SystemError) {
                while sent < write.bytes.count {
                    guard case .bytes(let count) = try SystemCall.send(descriptor, write.bytes, from: sent) else {
                        writes[0].sent = sent
                        return
                    }
                    sent += count
                }
                writes.removeFirst()
                write.continuation.resume(returning: .success(()))
            } catch {
                let failed = writes
                writes = []
                for write in failed { write.continuation.resume(returning: .failure(.system(error))) }
            }
        }
        if endsWriting { shutdownWriting() }
    }

    private func shutdownWriting() {
        if !closed { SystemCall.shutdown(descriptor, how: CInt(SHUT_WR)) }
    }

    private func cancelWrite(_ ticket: Ticket) {
        guard let index = writes.firstIndex(where: { $0.ticket === ticket }) else { return }
        // Cut off in the middle, the other side could not tell the next write's bytes from the rest of this one's.
        if writes[index].sent > 0 { return finish(.cancelled) }
        writes.remove(at: index).continuation.resume(returning: .failure(.cancelled))
    }

    private func finish(_ reason: ByteStreamError) {
        guard !closed else { return }
        closed = true
        if let registration { reactor.deregister(registration) }
        registration = nil
        SystemCall.hangUp(descriptor)
        let reader = reader
        let writes = writes
        self.reader = nil
        self.writes = []
        reader?.continuation.resume(returning: .failure(reason))
        for write in writes { write.continuation.resume(returning: .failure(reason)) }
    }
}
