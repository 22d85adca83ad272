package import Graph

/// Output of a program's cores: one tuple a step, each value's cores in core order.
// @unchecked: the buffers are written by the device and read by the one fetching thread in turns that the condition
// hands over; all else is immutable.
package final class OutfeedQueue: @unchecked Sendable {
    /// One value of one step: all cores' results concatenated in core order.
    package struct Tensor: Sendable {
        /// The name in `Program.outfeed`.
        package let name: String
        /// The core's type with the first axis multiplied by the number of cores; a scalar becomes `[cores]`.
        package let type: TensorType
        /// `type.byteCount` bytes, row-major.
        package let bytes: [UInt8]
    }

    private struct State {
        var written = 0
        var read = 0
        var isFinished = false
        var error: (any Error)?
    }

    /// Names of the values.
    package let names: [String]
    /// Types of the values on one core.
    package let types: [TensorType]
    /// Cores that hand out.
    package let replicas: Int
    /// Steps that may wait to be fetched.
    package let capacity: Int
    private let slots: [[UnsafeMutableRawBufferPointer]]
    private let condition = Condition(State())

    /// A ring for these values of so many cores; `capacity` is at least 1.
    package init(names: [String], types: [TensorType], replicas: Int, capacity: Int) {
        precondition(names.count == types.count && replicas >= 1 && capacity >= 1, "options were validated")
        self.names = names
        self.types = types
        self.replicas = replicas
        self.capacity = capacity
        slots = (0..<capacity).map { _ in types.map { .allocate(byteCount: $0.byteCount * replicas, alignment: 64) } }
    }

    /// A queue for what this program hands out; nil when that is nothing.
    package convenience init?(program: Program, options: ExecutorOptions) {
        guard !program.outfeed.isEmpty else { return nil }
        self.init(
            names: program.outfeed.map(\.name), types: program.outfeedTypes, replicas: options.replicas,
            capacity: options.outfeedCapacity)
    }

    deinit { for slot in slots { for buffer in slot { buffer.deallocate() } } }

    /// The type of a dequeued value: core results concatenated along the first axis.
    package static func globalType(of type: TensorType, replicas: Int) -> TensorType {
        var dimensions = type.shape.dimensions
        if dimensions.isEmpty { dimensions = [replicas] } else { dimensions[0] *= replicas }
        return TensorType(type.dtype, Shape(dimensions))
    }

    /// Device side: waits for room. False when `isStopped` said so (looked at before and during the wait; see `wake`)
    /// or the fetching side has closed the queue.
    ///
    /// - Throws: the error that the queue was closed with.
    package func waitForRoom(isStopped: () -> Bool = { false }) throws -> Bool {
        try condition.wait { state throws in
            if let error = state.error { throw error }
            if isStopped() || state.isFinished { return false }
            return state.written - state.read < capacity ? true : nil
        } ?? false
    }

    /// Bytes of all slots.
    package var byteCount: Int { slots.reduce(0) { $0 + $1.reduce(0) { $0 + $1.count } } }

    /// Device side, after `waitForRoom` said true: one buffer a value, all cores' bytes in core order, to be filled
    /// before `publish`.
    package var nextSlot: [UnsafeMutableRawBufferPointer] { slots[condition.withLock { $0.written } % capacity] }

    /// Device side: lets the slot just filled be fetched.
    package func publish() { condition.update { $0.written += 1 } }

    /// Lets a waiting device look at its predicate again.
    package func wake() { condition.update { _ in } }

    /// No further steps come. What waits is still fetched; with an error, both sides throw it from then on.
    package func close(error: (any Error)? = nil) {
        condition.update { state in
            guard !state.isFinished else { return }
            state.isFinished = true
            state.error = error
        }
    }

    /// Fetching side: the next step's values; blocks until there is one. Nil when the queue is closed and empty.
    ///
    /// - Throws: the error that the queue was closed with.
    package func dequeue() throws -> [Tensor]? {
        let place: Int? =
            try condition.wait { state throws in
                if let error = state.error { throw error }
                if state.read < state.written { return .some(state.read) }
                return state.isFinished ? .some(nil) : nil
            } ?? nil
        guard let place else { return nil }
        let tensors = zip(zip(names, types), slots[place % capacity]).map { named, buffer in
            Tensor(
                name: named.0, type: OutfeedQueue.globalType(of: named.1, replicas: replicas), bytes: [UInt8](buffer))
        }
        condition.update { $0.read += 1 }
        return tensors
    }
}
