import Dispatch
import Glibc
import Synchronization

/// What happens to the full-screen view, in one queue: what other threads say, and the keys that its own thread reads.
final class TopEvents: Sendable {
    /// What has happened.
    enum Event: Sendable {
        case bytes([UInt8])
        /// Jobs and pod were asked for anew.
        case news(TopNews)
        /// Something is to be said.
        case message(String)
        /// The terminal has another size, or the program goes on after it was stopped.
        case redraw
        /// A signal ends the program.
        case signal(Int32)
        /// The terminal is gone.
        case hangUp
    }

    private let queue = Mutex<[Event]>([])
    private let pipe: (read: Int32, write: Int32)

    init?() {
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        pipe = (ends[0], ends[1])
    }

    /// Adds an event. From anywhere.
    func post(_ event: Event) {
        queue.withLock { $0.append(event) }
        var byte: UInt8 = 0
        _ = write(pipe.write, &byte, 1)
    }

    /// What has happened, once something has.
    func next() -> [Event] {
        var descriptors = [
            pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
            pollfd(fd: pipe.read, events: Int16(POLLIN), revents: 0),
        ]
        while poll(&descriptors, 2, -1) < 0, errno == EINTR {}
        var buffer = [UInt8](repeating: 0, count: 1024)
        if descriptors[1].revents != 0 { _ = read(pipe.read, &buffer, buffer.count) }
        var events = queue.withLock { queue in
            defer { queue = [] }
            return queue
        }
        if descriptors[0].revents != 0 {
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            if count > 0 {
                events.append(.bytes(Array(buffer[..<count])))
            } else if count == 0 || errno != EINTR {
                events.append(.hangUp)
            }
        }
        return events
    }

    /// From now on signals are events. The sources must be kept.
    func listenToSignals() -> [any DispatchSourceSignal] {
        [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGCONT].map { number in
            // Without an action of its own a signal of these would end the program before anybody is told.
            if number != SIGCONT { signal(number, SIG_IGN) }
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [self] in
                post(number == SIGWINCH || number == SIGCONT ? .redraw : .signal(number))
            }
            source.resume()
            return source
        }
    }
}
