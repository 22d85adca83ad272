package import Datasets
import Formats
import Graph
import OrderedCollections

/// The input function of a job: a dataset's stream of batches.
package struct DatasetInput: InputFunction {
    /// Types of one record's features: a single value, or by element name where names are asked for or there are
    /// several.
    public let features: TypeStructure
    /// Types of one record's labels; nil when the dataset has none.
    public let labels: TypeStructure?
    /// Rows of a batch where nobody else says how many.
    public let ownBatchSize: Int
    private let dataset: Dataset

    /// An input over an opened dataset.
    ///
    /// - Parameters:
    ///   - namesFeatures: true: even a single feature is handed over by name. Default false.
    ///   - namesLabels: the same for labels. Default false.
    ///   - ownBatchSize: the input's own `batch_size`. Default 128.
    /// - Throws: ``TrainingError/inputFailed(detail:)`` for an element type that graphs don't have.
    package init(
        _ dataset: Dataset, namesFeatures: Bool = false, namesLabels: Bool = false, ownBatchSize: Int = 128
    ) throws(TrainingError) {
        self.dataset = dataset
        self.ownBatchSize = ownBatchSize
        guard let features = try Self.structure(dataset.layout.features, isNamed: namesFeatures) else {
            throw .inputFailed(detail: "the input has no features")
        }
        self.features = features
        labels = try Self.structure(dataset.layout.labels, isNamed: namesLabels)
    }

    private static func structure(
        _ elements: ArraySlice<ElementSpec>, isNamed: Bool
    ) throws(TrainingError) -> TypeStructure? {
        var types: OrderedDictionary<String, TensorType> = [:]
        for element in elements {
            guard let dtype = DType(rawValue: element.type.rawValue) else {
                throw .inputFailed(detail: "\(element.name) is \(element.type), which models can't take")
            }
            types[element.name] = TensorType(dtype, Shape(element.shape))
        }
        guard types.count == 1, !isNamed, let only = types.values.first else {
            return types.isEmpty ? nil : .named(types)
        }
        return .single(only)
    }

    /// How many records the stream has in all; nil when it has no end.
    public var recordCount: Int? {
        dataset.pipeline.repeatCount.map { dataset.count.multipliedReportingOverflow(by: $0) }
            .flatMap { $0.overflow ? nil : $0.partialValue }
    }

    /// The caller's rows of the stream's batches from the first one asked for.
    ///
    /// - Throws: ``TrainingError/inputFailed(detail:)``.
    public func makeIterator(_ request: InputRequest) throws -> any InputIterator {
        do {
            return DatasetIterator(
                try dataset.batches(
                    ofSize: request.globalBatchSize, rows: request.rows,
                    from: StreamPosition(batches: request.firstBatch)))
        } catch {
            throw TrainingError.inputFailed(detail: error.description)
        }
    }
}

/// One host's batches of a dataset.
// @unchecked: the iterator is made by one thread and then used by the feeding thread alone.
private final class DatasetIterator: InputIterator, @unchecked Sendable {
    private let batches: BatchIterator

    init(_ batches: BatchIterator) { self.batches = batches }

    func next(into elements: [UnsafeMutableRawBufferPointer]) throws -> Int? {
        do {
            return try batches.next(into: elements)
        } catch {
            throw TrainingError.inputFailed(detail: error.description)
        }
    }
}
