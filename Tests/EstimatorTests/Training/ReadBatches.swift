import Synchronization

/// The numbers of the batches that an input's iterators were asked for.
final class ReadBatches: Sendable {
    private let numbers = Mutex<[Int]>([])

    var all: [Int] { numbers.withLock { $0 } }

    func add(_ number: Int) { numbers.withLock { $0.append(number) } }
}
