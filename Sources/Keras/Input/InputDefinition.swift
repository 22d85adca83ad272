import Datasets
import Estimator
import Formats
import Graph

/// A job's input once its files have been looked at: the pipeline and what its records hold.
package struct InputDefinition: Sendable {
    /// What is read and in which order.
    let pipeline: InputPipeline
    /// Rows of a batch: the job's, else the input's own, which evaluation on the CPU has. Default 128.
    let batchSize: Int
    /// The arrays of each record after the map.
    let layout: RecordLayout
    /// The source's records; nil when only reading it would tell.
    let count: Int?
    /// Where the input is in the job.
    let pointer: JSONPointer
    /// The first labels, where the look has seen any.
    var labels: LabelSample?
    /// Labels that are class numbers must lie below this; nil: any will do.
    var classes: Int?
    /// With every default filled in.
    let canonical: JSON

    /// The shape of one row of the only feature.
    var featureShape: [Int] { layout.features.first?.shape ?? [] }
    /// The shape of one row of the only label; nil without labels.
    var labelShape: [Int]? { layout.labels.first?.shape }

    /// A wrong label where the model's output has so many numbers.
    static func words(_ wrong: WrongLabel) -> String { "\(wrong), as many as the numbers of the model's output" }

    /// Batches of `size` rows that the input gives; nil: without end or unknown.
    func batches(of size: Int) -> Int? {
        count.flatMap { pipeline.batchCount(ofSize: size, records: $0) }
    }
}

/// An input that feeding threads read from. It is opened at first use, in the worker.
final class DatasetInput: InputFunction {
    let features: TypeStructure
    let labels: TypeStructure?
    let ownBatchSize: Int
    let recordCount: Int?
    let stepsAhead: Int?
    let dropsRemainder: Bool
    private let dataset: Dataset

    /// Opens the input's files.
    ///
    /// - Throws: `DatasetError` where they can't be read any more or hold what the look at submit did not reach.
    init(_ definition: InputDefinition, roots: DataRoots) throws(DatasetError) {
        let dataset = try definition.pipeline.open(roots)
        if let classes = definition.classes, let wrong = try dataset.firstWrongLabel(classes: classes) {
            throw DatasetError(.invalidData, JSONPointer(tokens: ["source"]), InputDefinition.words(wrong))
        }
        self.dataset = dataset
        features = .single(definition.layout.features.first.flatMap(DatasetInput.type) ?? .scalar(.float32))
        labels = definition.layout.labels.first.flatMap(DatasetInput.type).map { .single($0) }
        ownBatchSize = definition.batchSize
        recordCount = definition.pipeline.repeatCount.flatMap {
            let (count, overflow) = $0.multipliedReportingOverflow(by: dataset.count)
            return overflow ? nil : count
        }
        stepsAhead = definition.pipeline.prefetch
        dropsRemainder = definition.pipeline.dropRemainder
    }

    /// The first number of the input that is not finite, in words; nil when all are.
    func firstNotFinite() throws(DatasetError) -> String? { try dataset.firstNotFinite() }

    func makeIterator(_ request: InputRequest) throws -> any InputIterator {
        DatasetBatches(
            try dataset.batches(
                ofSize: request.globalBatchSize, rows: request.rows, from: StreamPosition(batches: request.firstBatch)))
    }

    /// The names of the element types that the graph has.
    static var types: [String] { ElementType.allCases.filter { dtype($0) != nil }.map(\.rawValue) }

    /// The graph's type of one row; nil for an element type that the graph does not have.
    static func type(_ spec: ElementSpec) -> TensorType? {
        dtype(spec.type).map { TensorType($0, Shape(spec.shape)) }
    }

    /// The graph's element type; nil for one that it does not have.
    static func dtype(_ type: ElementType) -> DType? {
        switch type {
        case .bool: .bool
        case .uint8: .uint8
        case .int8: .int8
        case .uint16: .uint16
        case .int16: .int16
        case .int32: .int32
        case .int64: .int64
        case .float32: .float32
        case .float64: .float64
        case .uint32, .uint64, .float16, .bfloat16: nil
        }
    }
}

/// One feeding thread's batches. The estimator hands an iterator from thread to thread but never shares it.
// The iterator is used by one thread at a time (InputIterator's contract).
private final class DatasetBatches: InputIterator, @unchecked Sendable {
    private let batches: BatchIterator

    init(_ batches: BatchIterator) { self.batches = batches }

    // The buffers are an infeed slot's, valid for the call.
    func next(into elements: [UnsafeMutableRawBufferPointer]) throws -> Int? {
        unsafe try batches.next(into: elements)
    }
}
