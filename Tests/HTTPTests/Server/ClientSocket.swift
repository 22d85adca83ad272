import Glibc
import Reactor

/// A connected socket of a test's client: reads and writes that suspend until the reactor says that it is ready. At most
/// one read and one write at a time.
// @unchecked: what is not constant is touched on the reactor alone.
final class ClientSocket: @unchecked Sendable {
    private let reactor: EventLoop
    private let descriptor: CInt
    private var registration: Registration?
    /// Whether a call has not blocked since the reactor said that it would not.
    private var readable = true
    private var writable = true
    private var reader: CheckedContinuation<Void, Never>?
    private var writer: CheckedContinuation<Void, Never>?

    /// Takes over `descriptor`. On the reactor.
    init(adopting descriptor: CInt, on reactor: EventLoop) throws(SystemError) {
        self.reactor = reactor
        self.descriptor = descriptor
        try SystemCall.setNonBlocking(descriptor)
        registration = try reactor.register(descriptor) { [weak self] readiness in
            self?.wake(
                reader: readiness.isReadable || readiness.isPeerClosed || readiness.isBroken,
                writer: readiness.isWritable || readiness.isBroken)
        }
    }

    deinit {
        guard let registration else { return }
        reactor.perform { [reactor, descriptor] in
            reactor.deregister(registration)
            SystemCall.hangUp(descriptor)
        }
    }

    /// The next bytes; empty at the end of the other side's bytes.
    /// - Throws: `SystemError`: EBADF once it is closed; `CancellationError`.
    func read() async throws -> [UInt8] {
        while true {
            try Task.checkCancellation()
            let received = try await reactor.call { () throws(SystemError) in try self.receive() }
            if let received { return received }
            await suspend { $0.readable ? $1.resume() : ($0.reader = $1) }
        }
    }

    /// Sends all of `bytes`.
    /// - Throws: as `read`, and `SystemError` EPIPE where nobody reads any more.
    func write(_ bytes: [UInt8]) async throws {
        var sent = 0
        while sent < bytes.count {
            try Task.checkCancellation()
            let start = sent
            sent = try await reactor.call { () throws(SystemError) in try self.send(bytes, from: start) }
            if sent < bytes.count { await suspend { $0.writable ? $1.resume() : ($0.writer = $1) } }
        }
    }

    /// Sends the end of this side's bytes; reading goes on.
    func closeWriting() {
        reactor.perform {
            if self.registration != nil { SystemCall.shutdown(self.descriptor, how: CInt(SHUT_WR)) }
        }
    }

    /// Whether the other side's kernel has acknowledged the end of this side's bytes, and so told who waits there of it: tcp(7)'s
    /// state is FIN_WAIT2 then, or TIME_WAIT or CLOSE where the other side has ended, too. On the reactor.
    var isEndAcknowledged: Bool {
        var state: UInt8 = 0
        var size = socklen_t(1)
        // The state is the first byte of struct tcp_info.
        return registration != nil && getsockopt(descriptor, CInt(IPPROTO_TCP), TCP_INFO, &state, &size) == 0
            && 5...7 ~= state
    }

    /// Closes; what waits ends with EBADF.
    func close() {
        reactor.perform {
            guard let registration = self.registration else { return }
            self.registration = nil
            self.reactor.deregister(registration)
            SystemCall.hangUp(self.descriptor)
            self.wake(reader: true, writer: true)
        }
    }

    // MARK: On the reactor

    private func receive() throws(SystemError) -> [UInt8]? {
        guard registration != nil else { throw SystemError(call: "recv", code: EBADF) }
        do throws(SystemError) {
            return try [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count throws(SystemError) in
                switch try SystemCall.receive(descriptor, into: UnsafeMutableRawBufferPointer(buffer)) {
                case .bytes(let received): count = received
                case .end: break
                case .wouldBlock: throw SystemError(call: "recv", code: EAGAIN)
                }
            }
        } catch {
            // A reset after the other side's last byte is its end, too.
            if error.code == ECONNRESET { return [] }
            guard error.code == EAGAIN else { throw error }
            readable = false
            return nil
        }
    }

    /// How many bytes are sent now.
    private func send(_ bytes: [UInt8], from start: Int) throws(SystemError) -> Int {
        guard registration != nil else { throw SystemError(call: "send", code: EBADF) }
        var sent = start
        while sent < bytes.count {
            guard case .bytes(let count) = try SystemCall.send(descriptor, bytes, from: sent) else {
                writable = false
                break
            }
            sent += count
        }
        return sent
    }

    private func wake(reader wakesReader: Bool, writer wakesWriter: Bool) {
        if wakesReader {
            readable = true
            reader?.resume()
            reader = nil
        }
        if wakesWriter {
            writable = true
            writer?.resume()
            writer = nil
        }
    }

    // MARK: Waiting

    /// Suspends until `begin`, which runs on the reactor, or what it left the continuation to resumes. A cancelled task
    /// goes on at once.
    private func suspend(_ begin: @escaping @Sendable (ClientSocket, CheckedContinuation<Void, Never>) -> Void) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                reactor.perform { begin(self, continuation) }
            }
        } onCancel: {
            // Says that both are ready, so that a wait that begins after this does not wait either.
            reactor.perform { self.wake(reader: true, writer: true) }
        }
    }
}
