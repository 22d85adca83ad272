import Executor

/// One simulated host's feeding thread: for every step that it is granted it has the host's iterators fill the host's
/// rows of the next infeed slot, in place. The queue is bounded, so the thread runs ahead of the device by as many
/// steps as the queue holds and no more.
final class InputFeeder: Sendable {
    private struct State {
        var granted = 0
        var isStopped = false
        var remainder: Remainder?
    }

    /// A last batch with fewer rows than the others.
    struct Remainder: Sendable {
        /// Its rows.
        let rows: Int
        /// Each element's bytes of these rows.
        let elements: [[UInt8]]
    }

    private let state: Condition<State>
    private let thread: WorkerThread<Void>

    /// Room for an input function's frames; hundreds of hosts have a thread each.
    private static let stackSize = 512 << 10

    /// Iterators of one host: its only one, or one a core.
    struct Source: Sendable {
        /// Gives the rows.
        let iterator: any InputIterator
        /// Which of the host's rows it gives.
        let rows: Range<Int>
    }

    /// Starts the thread of a host, which waits for its first grant.
    ///
    /// - Parameters:
    ///   - copies: how often the host's rows are in a slot, one behind the other: cores that get the same. Default once.
    ///   - keepsRemainder: whether a last batch with fewer rows is kept for ``takeRemainder()``; for a host with one source.
    ///     Otherwise it is dropped.
    ///   - firstBatch: batches that were consumed before, by which a profile numbers them. Default 0.
    ///   - profiler: is told what takes how long while steps are traced; nil, the default: nobody is.
    /// - Throws: `EstimatorError.threadNotStarted`.
    init(
        host: Int, queue: InfeedQueue, sources: [Source], hostRows: Int, copies: Int = 1, keepsRemainder: Bool = false,
        firstBatch: Int = 0, profiler: ProfileRecorder? = nil
    ) throws(EstimatorError) {
        let state = Condition(State())
        self.state = state
        thread = try WorkerThread(name: "infeed-\(host)", stackSize: Self.stackSize) {
            var batch = firstBatch
            while Self.awaitGrant(state) {
                let start = profiler?.begin()
                var filling: UInt64?
                // What filling throws is the queue's to tell, when the device comes to this slot.
                let isFilled = try? queue.fill(host: host) { buffers in
                    profiler?.end(.infeed(host: host), "wait for room", since: start)
                    filling = profiler?.begin()
                    let firsts = buffers.map { UnsafeMutableRawBufferPointer(rebasing: $0[0..<($0.count / copies)]) }
                    let isWhole = try Self.fill(firsts, from: sources, hostRows: hostRows) { remainder in
                        if keepsRemainder { state.update { $0.remainder = remainder } }
                    }
                    guard isWhole else { return false }
                    for (buffer, first) in zip(buffers, firsts) {
                        buffer.fill(1..<copies, with: UnsafeRawBufferPointer(first))
                    }
                    return true
                }
                guard isFilled == true else { return }
                batch += 1
                profiler?.end(.infeed(host: host), "batch \(batch)", since: filling)
            }
        }
    }

    private static func awaitGrant(_ state: Condition<State>) -> Bool {
        state.wait { state -> Bool? in
            if state.isStopped { return false }
            guard state.granted > 0 else { return nil }
            state.granted -= 1
            return true
        } ?? false
    }

    private static func fill(
        _ buffers: [UnsafeMutableRawBufferPointer], from sources: [Source], hostRows: Int,
        remainder: (Remainder) -> Void
    ) throws -> Bool {
        for source in sources {
            let part = buffers.map { buffer in
                let row = buffer.count / hostRows
                return UnsafeMutableRawBufferPointer(
                    rebasing: buffer[(source.rows.lowerBound * row)..<(source.rows.upperBound * row)])
            }
            let rows = try source.iterator.rows(into: part, atMost: source.rows.count)
            guard rows == source.rows.count else {
                let elements = part.map { [UInt8]($0[0..<($0.count / source.rows.count * rows)]) }
                if rows > 0 { remainder(Remainder(rows: rows, elements: elements)) }
                return false
            }
        }
        return true
    }

    /// Lets the thread fill so many more slots; returns at once. One that has failed or ended fills none.
    func grant(_ steps: Int) { state.update { $0.granted += steps } }

    /// The last batch that had fewer rows than the others, once; nil while there is none.
    func takeRemainder() -> Remainder? {
        state.withLock { state in
            defer { state.remainder = nil }
            return state.remainder
        }
    }

    /// Ends the thread and waits for it. The queue must have been closed, as the thread may wait for room in it.
    func stop() {
        state.update { $0.isStopped = true }
        thread.join()
    }
}
