import Formats
import Glibc
package import Reactor
package import WorkerProtocol

/// The daemon's end of the socket to one worker: frames in both directions on the reactor's thread, never waiting.
// @unchecked: touched on the reactor's thread alone, which every entry asserts.
package final class WorkerChannel: ReadinessHandler, @unchecked Sendable {
    /// What came.
    package enum Event: Sendable {
        /// A frame.
        case frame(WorkerFrame)
        /// Bytes that are no frame; nothing more is read.
        case malformed(String)
    }

    private let reactor: Reactor
    private let descriptor: Int32
    private var registration: Registration?
    private var decoder = FrameDecoder(limit: FrameCodec.workerLimit)
    private var buffer = [UInt8](repeating: 0, count: 1 << 14)
    /// What is to be sent, in order, and how far the first of it is gone.
    private var outgoing: [[UInt8]] = []
    private var sent = 0
    private var failed = false
    private let receive: (Event) -> Void

    /// Takes over a connected non-blocking socket. On the reactor.
    /// - Throws: `SystemError` when it can't be watched; it is closed then.
    package init(
        _ descriptor: Int32, reactor: Reactor, receive: @escaping (Event) -> Void
    ) throws(SystemError) {
        self.descriptor = descriptor
        self.reactor = reactor
        self.receive = receive
        do throws(SystemError) {
            registration = try reactor.register(descriptor, handler: self)
        } catch {
            SystemCall.close(descriptor)
            throw error
        }
    }

    /// Sends a frame as far as the socket takes it now, and the rest when it takes more. On the reactor.
    package func send(_ frame: DaemonFrame) { send(FrameCodec.encode(frame.json)) }

    /// As `send(_:)` with a frame that is encoded already. It may have megabytes: it is sent by offset, never moved.
    package func send(_ frame: [UInt8]) {
        reactor.assertOnReactor()
        guard !failed, registration != nil else { return }
        outgoing.append(frame)
        flush()
    }

    /// Reads what is there, then closes. On the reactor.
    package func drainAndClose() {
        reactor.assertOnReactor()
        guard let registration else { return }
        readAll()
        reactor.deregister(registration)
        SystemCall.close(descriptor)
        self.registration = nil
    }

    package func ready(_ readiness: Readiness) {
        if readiness.contains(.writable) { flush() }
        if readiness.contains(.readable) || readiness.contains(.peerClosed) || readiness.contains(.hungUp) { readAll() }
    }

    private func flush() {
        while let frame = outgoing.first {
            guard sent < frame.count else {
                outgoing.removeFirst()
                sent = 0
                continue
            }
            switch try? SystemCall.send(descriptor, frame, from: sent) {
            case .bytes(let count): sent += count
            case .wouldBlock: return
            // The worker is gone; its exit says the rest.
            case .end, nil: return outgoing.removeAll()
            }
        }
    }

    private func readAll() {
        reading: while !failed {
            // unsafe: the kernel fills the buffer, which lives through the call.
            let result = buffer.withUnsafeMutableBytes { try? SystemCall.receive(descriptor, into: $0) }
            switch result {
            case .bytes(let count):
                decoder.append(buffer[..<count])
                take()
            case .wouldBlock: break reading
            // A worker that was killed may leave half a frame; how it ended says the rest.
            case .end, nil: break reading
            }
        }
    }

    private func take() {
        do throws(FrameError) {
            while let json = try decoder.next() { receive(.frame(try WorkerFrame(json))) }
        } catch {
            fail(error)
        }
    }

    private func fail(_ error: FrameError) {
        failed = true
        receive(.malformed(error.description))
    }
}
