package import Dispatch
import Glibc
package import Reactor
import Synchronization

/// Writes lines to a descriptor from a thread of its own, so that whoever logs never waits: a pipe that nobody reads, or
/// a terminal that was stopped, blocks that thread alone. Lines that the queue has no room for are dropped and counted.
package final class LogWriter: Sendable {
    private struct State {
        /// Whole lines that wait.
        var queue: [UInt8] = []
        /// Whether the thread has lines that it is writing.
        var isWriting = false
        var dropped = 0
        /// How many of `dropped` a line has told.
        var told = 0
        /// Threads that wait until everything is written.
        var flushers: [DispatchSemaphore] = []
    }

    private let descriptor: CInt
    private let capacity: Int
    private let state = Mutex(State())
    private let lines = DispatchSemaphore(value: 0)

    /// Starts the thread, which lives as long as the process.
    /// - Parameters:
    ///   - descriptor: stays the caller's.
    ///   - capacity: bytes that may wait, beside those that are being written. Default 1 MiB.
    /// - Throws: `SystemError` of pthread_create(3).
    package init(descriptor: CInt, capacity: Int = 1 << 20) throws(SystemError) {
        self.descriptor = descriptor
        self.capacity = capacity
        try DetachedThread.start(name: "log") { [self] in work() }
    }

    /// Queues a line, whose end is added. From anywhere; never waits.
    package func write(_ line: String) {
        let wasQueued = state.withLock { state in
            guard state.queue.count + line.utf8.count < capacity else {
                state.dropped += 1
                return false
            }
            state.queue.append(contentsOf: line.utf8)
            state.queue.append(0x0a)
            return true
        }
        if wasQueued { lines.signal() }
    }

    /// How many lines were dropped.
    package var dropped: Int { state.withLock { $0.dropped } }

    /// Waits until all that was queued is written, at most for `limit`; whether it is.
    @discardableResult
    package func flush(within limit: DispatchTimeInterval) -> Bool {
        let written = DispatchSemaphore(value: 0)
        let waits = state.withLock { state in
            guard state.isWriting || !state.queue.isEmpty else { return false }
            state.flushers.append(written)
            return true
        }
        return !waits || written.wait(timeout: .now() + limit) == .success
    }

    // MARK: The thread

    private func work() {
        while true {
            lines.wait()
            let bytes = state.withLock { state in
                var bytes: [UInt8] = []
                swap(&bytes, &state.queue)
                if state.dropped > state.told {
                    bytes +=
                        "\(state.dropped - state.told) lines of the log were dropped: they were not read in time\n".utf8
                    state.told = state.dropped
                }
                state.isWriting = !bytes.isEmpty
                return bytes
            }
            writeAll(bytes)
            let flushers = state.withLock { state in
                state.isWriting = false
                guard state.queue.isEmpty else { return [DispatchSemaphore]() }
                defer { state.flushers = [] }
                return state.flushers
            }
            for flusher in flushers { flusher.signal() }
        }
    }

    /// Writes all of it, however long that takes; what can't be written at all is given up.
    private func writeAll(_ bytes: [UInt8]) {
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                start += count
            } else if errno == EAGAIN {
                var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&waiting, 1, -1)
            } else if errno != EINTR {
                return
            }
        }
    }
}
