import Synchronization

/// The order in which one epoch's records come.
package struct EpochOrder: Sendable {
    /// The records' numbers in order.
    package let records: [UInt32]

    /// tf.data's shuffle: a window of `bufferSize` records, filled in the source's order; each step takes one of it at
    /// random and puts the source's next in its place. The order depends on nothing but the arguments.
    package init(count: Int, bufferSize: Int, seed: UInt64, epoch: Int) {
        precondition(count <= Int(UInt32.max), "the sources hold fewer records")
        var random = SplitMix64(seed: seed, stream: UInt64(epoch))
        var window = (0..<UInt32(min(bufferSize, count))).map { $0 }
        var incoming = UInt32(window.count)
        records = [UInt32](unsafeUninitializedCapacity: count) { order, initialized in
            for place in 0..<count {
                let drawn = Int(random.next(below: UInt64(window.count)))
                order.initializeElement(at: place, to: window[drawn])
                if incoming < count {
                    window[drawn] = incoming
                    incoming += 1
                } else {
                    window.swapAt(drawn, window.count - 1)
                    window.removeLast()
                }
            }
            initialized = count
        }
    }
}

/// The orders of the epochs that the hosts of a process are in: made once, shared, forgotten when all are past them.
final class EpochOrders: Sendable {
    private let count: Int
    private let shuffle: InputPipeline.Shuffle
    private let recent: Mutex<[(epoch: Int, order: EpochOrder)]> = Mutex([])

    /// Hosts run apart by no more than their queues hold, which spans two epochs unless an epoch is shorter than that.
    private static let kept = 4

    init(count: Int, shuffle: InputPipeline.Shuffle) {
        self.count = count
        self.shuffle = shuffle
    }

    func order(of epoch: Int) -> EpochOrder {
        recent.withLock { recent in
            if let known = recent.first(where: { $0.epoch == epoch }) { return known.order }
            let order = EpochOrder(count: count, bufferSize: shuffle.bufferSize, seed: shuffle.seed, epoch: epoch)
            recent.append((epoch, order))
            if recent.count > EpochOrders.kept { recent.removeFirst() }
            return order
        }
    }
}
