import DequeModule
import Glibc
package import Reactor
package import WorkerProtocol

/// The daemon's end of the socket to one child process: bytes out, values in, on the reactor's thread, never waiting.
// @unchecked: touched on the reactor's thread alone, which every entry asserts.
package final class FrameChannel<Reader: FrameReader>: ReadinessHandler, @unchecked Sendable {
    /// What came.
    package enum Event: Sendable {
        /// A value.
        case frame(Reader.Frame)
        /// Bytes that make none; nothing more is read.
        case malformed(String)
    }

    private let reactor: EventLoop
    private let descriptor: Int32
    private var registration: Registration?
    private var reader: Reader
    private var buffer = [UInt8](repeating: 0, count: 1 << 14)
    /// What the socket has not yet taken, piece by piece, so that a large one is never copied.
    private var outgoing: Deque<[UInt8]> = []
    /// How much of the first piece is gone.
    private var sent = 0
    private var goesOn = false
    private var failed = false
    private let receive: (Event) -> Void

    /// Bytes that are sent in one turn of the reactor: others have their turn between two parts of a large piece.
    private static var part: Int { 1 << 18 }

    /// Takes over a connected non-blocking socket. On the reactor.
    /// - Throws: `SystemError` when it can't be watched; it is closed then.
    package init(
        _ descriptor: Int32, reader: Reader, reactor: EventLoop, receive: @escaping (Event) -> Void
    ) throws(SystemError) {
        self.descriptor = descriptor
        self.reader = reader
        self.reactor = reactor
        self.receive = receive
        do throws(SystemError) {
            registration = try reactor.register(descriptor, handler: self)
        } catch {
            SystemCall.close(descriptor)
            throw error
        }
    }

    /// Sends bytes as far as the socket takes them now, and the rest when it takes more. On the reactor.
    package func send(_ bytes: [UInt8]) {
        reactor.assertOnReactor()
        guard !failed, registration != nil, !bytes.isEmpty else { return }
        outgoing.append(bytes)
        if !goesOn { flush() }
    }

    /// Reads what is there, then closes. On the reactor.
    package func drainAndClose() {
        reactor.assertOnReactor()
        guard let registration else { return }
        readAll(isLast: true)
        reactor.deregister(registration)
        SystemCall.close(descriptor)
        self.registration = nil
    }

    package func ready(_ readiness: Readiness) {
        if readiness.contains(.writable), !goesOn { flush() }
        if readiness.contains(.readable) || readiness.contains(.peerClosed) || readiness.contains(.hungUp) { readAll() }
    }

    private func flush() {
        goesOn = false
        guard registration != nil else { return }
        var rest = Self.part
        while let piece = outgoing.first {
            let end = min(piece.count, sent + rest)
            // unsafe: the bytes live through the call.
            let result = piece.withUnsafeBytes { bytes in
                try? SystemCall.send(descriptor, UnsafeRawBufferPointer(rebasing: bytes[sent..<end]))
            }
            switch result {
            case .bytes(let count):
                sent += count
                rest -= count
            case .wouldBlock: return
            // The process is gone; its exit says the rest.
            case .end, nil:
                outgoing.removeAll()
                sent = 0
                return
            }
            if sent == piece.count {
                outgoing.removeFirst()
                sent = 0
            }
            if rest <= 0, !outgoing.isEmpty {
                goesOn = true
                return reactor.submit { [self] in flush() }
            }
        }
    }

    /// - Parameter isLast: Whether nothing tells of what comes later.
    private func readAll(isLast: Bool = false) {
        // A value may be the reason to close.
        reading: while !failed, registration != nil {
            // unsafe: the kernel fills the buffer, which lives through the call.
            let result = buffer.withUnsafeMutableBytes { try? SystemCall.receive(descriptor, into: $0) }
            switch result {
            case .bytes(let count):
                reader.append(buffer[..<count])
                take()
                // A part of the buffer was all that there was (epoll(7), question 9); the end of the socket is told, too.
                if count < buffer.count, !isLast { break reading }
            case .wouldBlock: break reading
            // A process that was killed may leave half a frame; how it ended says the rest.
            case .end, nil: break reading
            }
        }
    }

    private func take() {
        do throws(FrameError) {
            while registration != nil, let frame = try reader.next() { receive(.frame(frame)) }
        } catch {
            failed = true
            receive(.malformed(error.description))
        }
    }
}

/// The daemon's end of the socket to a worker.
package typealias WorkerChannel = FrameChannel<WorkerFrameReader>

extension FrameChannel<WorkerFrameReader> {
    /// Sends a frame as far as the socket takes it now, and the rest when it takes more. On the reactor.
    package func send(_ frame: DaemonFrame) { send(FrameCodec.encode(frame.json)) }
}
