import Estimator
import Formats
import Graph
import OrderedCollections

/// Rows in memory as an input function.
struct ArrayInput: InputFunction {
    /// How epochs and batches meet.
    enum Order: String {
        /// Step t takes rows (t·B + j) mod n.
        case repeatThenBatch = "repeat_then_batch"
        /// The incomplete last batch of an epoch is left out: step t takes rows (t mod ⌊n/B⌋)·B + j.
        case batchThenRepeat = "batch_then_repeat"
    }

    let features: TypeStructure
    let labels: TypeStructure?
    let order: Order
    /// Whether training on the CPU leaves a short last batch out.
    var dropsRemainder = false
    /// How often the rows come; nil: without end.
    let repeats: Int?
    private let arrays: [NDArray]
    /// Called by iterators before each batch.
    private let onBatch: @Sendable (Int) throws -> Void

    var rows: Int { arrays[0].shape[0] }
    var recordCount: Int? { repeats.map { $0 * rows } }

    init(
        _ features: NDArray, labels: NDArray? = nil, order: Order = .repeatThenBatch, repeats: Int? = nil,
        onBatch: @escaping @Sendable (Int) throws -> Void = { _ in }
    ) {
        func type(_ array: NDArray) -> TypeStructure {
            .single(TensorType(DType(rawValue: array.type.rawValue)!, Shape(Array(array.shape.dropFirst()))))
        }
        self.features = type(features)
        self.labels = labels.map(type)
        arrays = [features] + (labels.map { [$0] } ?? [])
        self.order = order
        self.repeats = repeats
        self.onBatch = onBatch
    }

    func makeIterator(_ request: InputRequest) throws -> any InputIterator {
        Iterator(input: self, request: request)
    }

    /// The row of each place of a batch; fewer than asked for, or none, at the end.
    private func rows(ofBatch batch: Int, _ request: InputRequest) -> [Int] {
        let size = request.globalBatchSize
        let places = request.rows.map { $0 }
        switch order {
        case .repeatThenBatch:
            let records = places.map { batch * size + $0 }
            let end = repeats.map { $0 * rows } ?? .max
            if request.dropRemainder, (batch + 1) * size > end { return [] }
            return records.filter { $0 < end }.map { $0 % rows }
        case .batchThenRepeat:
            let inEpoch = rows / size
            if let repeats, batch >= repeats * inEpoch { return [] }
            return places.map { (batch % inEpoch) * size + $0 }
        }
    }

    // @unchecked: an iterator is used by one thread at a time.
    private final class Iterator: InputIterator, @unchecked Sendable {
        let input: ArrayInput
        let request: InputRequest
        var batch: Int

        init(input: ArrayInput, request: InputRequest) {
            self.input = input
            self.request = request
            batch = request.firstBatch
        }

        func next(into elements: [UnsafeMutableRawBufferPointer]) throws -> Int? {
            try input.onBatch(batch)
            let rows = input.rows(ofBatch: batch, request)
            guard !rows.isEmpty else { return nil }
            for (element, array) in zip(elements, input.arrays) {
                let size = array.bytes.count / array.shape[0]
                for (place, row) in rows.enumerated() {
                    let target = UnsafeMutableRawBufferPointer(rebasing: element[(place * size)..<((place + 1) * size)])
                    target.copyBytes(from: array.bytes[(row * size)..<((row + 1) * size)])
                }
            }
            batch += 1
            return rows.count
        }
    }
}
