import Datasets
import Estimator
import Formats
import Graph
import OrderedCollections

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
    /// Which arrays are which inputs and outputs of the model; nil as long as the model is not known.
    var arrangement: InputArrangement?
    /// Whether a last batch that is not full is filled up, with an element behind all others that says which rows count.
    let isPadded: Bool
    /// With every default filled in.
    let canonical: JSON

    /// The graph's types of the model's inputs, of one row.
    var features: TypeStructure { structure(arrangement?.features ?? []) ?? .single(.scalar(.float32)) }
    /// The graph's types of the labels, behind them of the weights, and of what says whether a row counts, of one row; nil
    /// without any.
    var labelTypes: TypeStructure? {
        structure((arrangement?.labels ?? []) + (arrangement?.weights ?? []), saysWhatCounts: isPadded)
    }

    private func structure(_ places: [InputArrangement.Place], saysWhatCounts: Bool = false) -> TypeStructure? {
        var types: OrderedDictionary<String, TensorType> = [:]
        for place in places {
            // An output's labels and weights have the same name.
            var name = place.name
            while types[name] != nil { name += "/sample_weight" }
            types[name] = TensorType(layout.elements[place.element]) ?? .scalar(.float32)
        }
        if saysWhatCounts { types[EvaluationTotals.validName] = .scalar(.float32) }
        guard let first = types.values.first else { return nil }
        return types.count == 1 ? .single(first) : .named(types)
    }

    /// A wrong label where the model's output has so many numbers.
    static func words(_ wrong: WrongLabel) -> String { "\(wrong), as many as the numbers of the model's output" }

    /// Batches of `size` rows that the input gives; nil: without end or unknown.
    func batches(of size: Int) -> Int? {
        count.flatMap { pipeline.batchCount(ofSize: size, records: $0) }
    }
}

/// An input that feeding threads read from. It is opened at first use, in the worker.
final class DatasetInput: PaddedInput {
    let features: TypeStructure
    let labels: TypeStructure?
    let ownBatchSize: Int
    let recordCount: Int?
    let stepsAhead: Int?
    let dropsRemainder: Bool
    let isPadded: Bool
    private let dataset: Dataset
    /// The order in which the program takes a record's arrays; nil: that of the record.
    private let order: [Int]?
    /// Bytes of a record's arrays that the program does not take, by their places.
    private let unused: [Int: Int]

    /// Opens the input's files.
    ///
    /// - Throws: `DatasetError` where they can't be read any more or hold what the look at submit did not reach.
    init(_ definition: InputDefinition, roots: DataRoots) throws(DatasetError) {
        let dataset = try definition.pipeline.open(roots)
        for place in definition.arrangement?.labels ?? [] {
            if let classes = place.classes,
                let wrong = try dataset.firstWrongLabel(classes: classes, element: place.element)
            {
                throw DatasetError(.invalidData, JSONPointer(tokens: ["source"]), InputDefinition.words(wrong))
            }
        }
        self.dataset = dataset
        features = definition.features
        labels = definition.labelTypes
        let sizes = definition.layout.elements.map(\.byteCount)
        let taken = definition.arrangement?.order ?? Array(sizes.indices)
        unused = Dictionary(
            uniqueKeysWithValues: sizes.enumerated().filter { !taken.contains($0.offset) }.map { ($0, $1) })
        order = taken == Array(sizes.indices) ? nil : taken
        ownBatchSize = definition.batchSize
        recordCount = definition.pipeline.repeatCount.flatMap {
            let (count, overflow) = $0.multipliedReportingOverflow(by: dataset.count)
            return overflow ? nil : count
        }
        stepsAhead = definition.pipeline.prefetch
        dropsRemainder = definition.pipeline.dropRemainder
        isPadded = definition.isPadded
    }

    /// The first number of the input that is not finite, in words; nil when all are.
    func firstNotFinite() throws(DatasetError) -> String? { try dataset.firstNotFinite() }

    func makeIterator(_ request: InputRequest) throws -> any InputIterator {
        let padding = isPadded ? try firstRecord() : nil
        return DatasetIterator(
            try dataset.batches(
                ofSize: request.globalBatchSize, rows: request.rows, from: StreamPosition(batches: request.firstBatch)),
            order: order, unused: unused.mapValues { $0 * request.rows.count }, padding: padding)
    }

    /// The arrays of the first record, which a batch is filled up with: what a model makes of it is as good as what it makes
    /// of any.
    private func firstRecord() throws(DatasetError) -> [[UInt8]] {
        let batches = try dataset.batches(ofSize: 1, rows: 0..<1, from: StreamPosition(batches: 0))
        return try batches.next()?.map { unsafe $0.withUnsafeBytes { unsafe [UInt8]($0) } } ?? []
    }
}
