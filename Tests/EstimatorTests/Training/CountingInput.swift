import Estimator
import Synchronization

/// Where a test leaves an estimator for threads that are not its own.
final class Switchboard: Sendable {
    private let held = Mutex<TPUEstimator?>(nil)
    var estimator: TPUEstimator? {
        get { held.withLock { $0 } }
        set { held.withLock { $0 = newValue } }
    }
}

/// An input that tells before each batch which it is.
struct CountingInput<Base: InputFunction>: InputFunction {
    let base: Base
    let onBatch: @Sendable (Int) throws -> Void

    var features: TypeStructure { base.features }
    var labels: TypeStructure? { base.labels }
    var recordCount: Int? { base.recordCount }

    init(base: Base, onBatch: @escaping @Sendable (Int) throws -> Void) {
        self.base = base
        self.onBatch = onBatch
    }

    func makeIterator(_ request: InputRequest) throws -> any InputIterator {
        Iterator(base: try base.makeIterator(request), batch: request.firstBatch, onBatch: onBatch)
    }

    // @unchecked: an iterator is used by one thread at a time.
    private final class Iterator: InputIterator, @unchecked Sendable {
        let base: any InputIterator
        var batch: Int
        let onBatch: @Sendable (Int) throws -> Void

        init(base: any InputIterator, batch: Int, onBatch: @escaping @Sendable (Int) throws -> Void) {
            self.base = base
            self.batch = batch
            self.onBatch = onBatch
        }

        func next(into elements: [UnsafeMutableRawBufferPointer]) throws -> Int? {
            try onBatch(batch)
            batch += 1
            return try base.next(into: elements)
        }
    }
}
