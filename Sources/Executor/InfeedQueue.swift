package import Graph

/// Input of a program's cores: a ring of slots, one a step. Each host's feeding thread fills its cores' part of the
/// next slot in place; the device takes a slot when all hosts have filled it.
///
/// A slot has one buffer an infeed element: core 0's bytes, then core 1's, …; a host's part is the contiguous range of
/// its cores. As an element's first axis is the batch, that is the global batch in row order.
// @unchecked: the buffers are written by the one host whose turn it is and read by the device only after all hosts have
// filled them, both handed over through the condition; all else is immutable.
package final class InfeedQueue: @unchecked Sendable {
    /// One step's input as the device sees it: valid until `release`.
    package struct Slot {
        /// One buffer an element, all cores' bytes in core order.
        package let buffers: [UnsafeRawBufferPointer]
    }

    /// What the device gets when it asks for the next slot.
    package enum Next {
        /// A filled slot; must be released before the next is taken.
        case slot(Slot)
        /// The next step can't become whole: every host that lacks it has finished, or the queue is closed.
        case end
        /// The predicate given to `take` said stop.
        case stopped
    }

    private struct State {
        /// Slots that each host has filled since the start.
        var filled: [Int]
        /// Slots that the device has released.
        var released = 0
        var finished: [Bool]
        /// What filling the next slot threw, by host.
        var faults: [(any Error)?]
        var isClosed = false
        var deviceWait: UInt64 = 0
    }

    /// Types of the elements on one core.
    package let elementTypes: [TensorType]
    /// Cores that are fed.
    package let replicas: Int
    /// Hosts that feed them.
    package let hosts: Int
    /// Slots in the ring.
    package let capacity: Int
    private let slots: [[UnsafeMutableRawBufferPointer]]
    /// The same as the device sees them, made once so that a step allocates nothing.
    private let readable: [Slot]
    private let condition: Condition<State>

    /// A ring for cores of these infeed types. `hosts` divides `replicas`; `capacity` is at least 1.
    package init(elementTypes: [TensorType], replicas: Int, hosts: Int, capacity: Int) {
        precondition(hosts >= 1 && replicas % hosts == 0 && capacity >= 1, "options were validated")
        self.elementTypes = elementTypes
        self.replicas = replicas
        self.hosts = hosts
        self.capacity = capacity
        slots = (0..<capacity).map { _ in
            elementTypes.map { .allocate(byteCount: $0.byteCount * replicas, alignment: 64) }
        }
        readable = slots.map { Slot(buffers: $0.map { UnsafeRawBufferPointer($0) }) }
        condition = Condition(
            State(
                filled: [Int](repeating: 0, count: hosts), finished: [Bool](repeating: false, count: hosts),
                faults: [(any Error)?](repeating: nil, count: hosts)))
    }

    deinit { for slot in slots { for buffer in slot { buffer.deallocate() } } }

    /// Fills this host's part of its next slot in place. Blocks while the host is `capacity` steps ahead of the device.
    ///
    /// - Parameter body: gets one buffer an element, this host's cores' part; returns false when there is no further
    ///   input, which finishes the host. What it throws is the host's fault, and is thrown on: the device meets it once it
    ///   asks for this slot, and the other hosts fill theirs as if nothing had happened until then.
    /// - Returns: false when the host is finished or the queue is closed: feed no more.
    /// - Throws: the body's error, from then on.
    package func fill(host: Int, body: ([UnsafeMutableRawBufferPointer]) throws -> Bool) throws -> Bool {
        let place: Int? =
            try condition.wait { state throws in
                if let fault = state.faults[host] { throw fault }
                if state.isClosed || state.finished[host] { return .some(nil) }
                return state.filled[host] - state.released < capacity ? .some(state.filled[host]) : nil
            } ?? nil
        guard let place else { return false }
        do {
            guard try body(part(of: place, host: host)) else {
                finish(host: host)
                return false
            }
        } catch {
            condition.update { $0.faults[host] = error }
            throw error
        }
        condition.update { $0.filled[host] += 1 }
        return true
    }

    /// Says that this host has no further input. What it filled is still taken.
    package func finish(host: Int) { condition.update { $0.finished[host] = true } }

    /// Ends the queue on both sides: waiting threads wake up; feeders get false and the device `end`.
    package func close() { condition.update { $0.isClosed = true } }

    /// Device side: the next slot, when all hosts have filled it.
    ///
    /// What the device meets depends on the hosts' input alone, never on which host was faster: a slot that all have filled is
    /// given whatever became of later ones, and otherwise every host is waited for until it has filled this one, failed at it or
    /// finished before it. A fault counts before an end, the first host's before another's.
    ///
    /// - Parameter isStopped: looked at before and during the wait; see `wake`.
    /// - Throws: ``InfeedFault``.
    package func take(isStopped: () -> Bool = { false }) throws -> Next {
        let start = MonotonicClock.nanoseconds()
        var hasWaited = false
        let next: Next? = try condition.wait { state throws in
            defer { hasWaited = true }
            if isStopped() { return .stopped }
            if state.isClosed { return .end }
            guard let least = state.filled.min(), least > state.released else { return try end(state) }
            if hasWaited { state.deviceWait += MonotonicClock.nanoseconds() - start }
            return .slot(readable[state.released % capacity])
        }
        return next ?? .end
    }

    /// The end of the queue, or nil while a host may still fill the next slot. Throws the fault that is to be met there.
    private func end(_ state: State) throws(InfeedFault) -> Next? {
        let lacking = (0..<hosts).filter { state.filled[$0] == state.released }
        guard lacking.allSatisfy({ state.finished[$0] || state.faults[$0] != nil }) else { return nil }
        for host in lacking {
            if let fault = state.faults[host] { throw InfeedFault(host: host, cause: fault) }
        }
        return .end
    }

    /// Device side: gives the slot taken last back to the hosts.
    package func release() { condition.update { $0.released += 1 } }

    /// Slots that the device has given back so far.
    package var released: Int { condition.withLock { $0.released } }

    /// Lets a waiting `take` look at its predicate again.
    package func wake() { condition.update { _ in } }

    /// Bytes of all slots.
    package var byteCount: Int { slots.reduce(0) { $0 + $1.reduce(0) { $0 + $1.count } } }

    /// Time that the device has spent in `take` waiting for slots that came.
    package var deviceWaitNanoseconds: UInt64 { condition.withLock { $0.deviceWait } }

    private func part(of place: Int, host: Int) -> [UnsafeMutableRawBufferPointer] {
        let cores = replicas / hosts
        return zip(slots[place % capacity], elementTypes).map { buffer, type in
            let bytes = type.byteCount * cores
            return UnsafeMutableRawBufferPointer(rebasing: buffer[(host * bytes)..<((host + 1) * bytes)])
        }
    }
}
