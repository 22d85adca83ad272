import Datasets
import Estimator
import Formats
import Graph
import Testing

/// A dataset with one feature and one label as an input function.
struct ShuffledInput: InputFunction {
    let features: TypeStructure
    let labels: TypeStructure?
    private let dataset: Dataset

    init(_ dataset: Dataset) throws {
        func type(_ spec: ElementSpec?) throws -> TensorType {
            let spec = try #require(spec)
            return TensorType(try #require(DType(rawValue: spec.type.rawValue)), Shape(spec.shape))
        }
        self.dataset = dataset
        features = .single(try type(dataset.layout.features.first))
        labels = .single(try type(dataset.layout.labels.first))
    }

    func makeIterator(_ request: InputRequest) throws -> any InputIterator {
        Iterator(
            batches: try dataset.batches(
                ofSize: request.globalBatchSize, rows: request.rows,
                from: StreamPosition(batches: request.firstBatch)))
    }

    // @unchecked: an iterator is used by one thread at a time.
    private final class Iterator: InputIterator, @unchecked Sendable {
        let batches: BatchIterator
        init(batches: BatchIterator) { self.batches = batches }
        func next(into elements: [UnsafeMutableRawBufferPointer]) throws -> Int? { try batches.next(into: elements) }
    }
}
