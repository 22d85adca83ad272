import Datasets
import Formats
import Glibc
import Graph
import OrderedCollections

/// Records of a file, or of arrays, as an input function (TensorFlow: a `tf.data.Dataset`; `numpy_input_fn`).
///
/// Records come in their own order and once, unless ``shuffled(seed:window:)`` and ``repeated(_:)`` say otherwise; they are
/// cut into batches of as many rows as the estimator wants. Which record comes where depends on the seed alone, neither on the
/// number of hosts nor on where a training was cut.
public struct DataInput: InputFunction {
    /// Types of one record's features.
    public let features: TypeStructure
    /// Types of one record's labels; nil when there are none.
    public let labels: TypeStructure?
    /// Rows of a batch where the estimator has no batch size: evaluation and prediction on the CPU. Default 128.
    public var ownBatchSize = 128

    private var dataset: Dataset

    private init(_ dataset: Dataset) throws(TrainingError) {
        self.dataset = dataset
        guard let features = try Self.structure(dataset.layout.features) else {
            throw .inputFailed(detail: "features are missing: name one at least")
        }
        self.features = features
        labels = try Self.structure(dataset.layout.labels)
    }

    /// One array without a name, several by their names; nil for none.
    private static func structure(_ specs: ArraySlice<ElementSpec>) throws(TrainingError) -> TypeStructure? {
        var types: OrderedDictionary<String, TensorType> = [:]
        for spec in specs {
            guard let type = TensorType(spec) else {
                throw .inputFailed(
                    detail:
                        "\(spec.name) is of type \(spec.type.rawValue), which a model can't compute with: expected one of "
                        + DType.allCases.map(\.rawValue).joined(separator: ", "))
            }
            types[spec.name] = type
        }
        guard let first = types.values.first else { return nil }
        return types.count == 1 ? .single(first) : .named(types)
    }

    // MARK: Where records come from

    /// A CSV file with a row of column names: the features are one vector of float32 numbers, the label is a scalar.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - label: the label's column; nil: records have no label.
    ///   - features: the columns of the features, in this order; nil, the default: all but the label's.
    ///   - isRegression: whether labels are float32 numbers; false, the default: int64 where all are whole numbers.
    /// - Throws: ``TrainingError/inputFailed(detail:)`` with the line that is at fault, ``TrainingError/machineFailed(_:)``.
    public static func csv(
        _ path: String, label: String?, features: [String]? = nil, isRegression: Bool = false
    ) throws(TrainingError) -> DataInput {
        try file(path) {
            .csv(CSVDefinition(path: $0, label: label, features: features, labelType: isRegression ? .float32 : nil))
        }
    }

    /// Two files of MNIST's format (IDX), plain or compressed by gzip.
    ///
    /// - Parameters:
    ///   - path: the file of the features.
    ///   - labels: the file of the labels, in the same folder; nil: records have no label.
    /// - Throws: as ``csv(_:label:features:isRegression:)``.
    public static func idx(_ path: String, labels: String? = nil) throws(TrainingError) -> DataInput {
        try file(path) { .idx(features: $0, labels: labels) }
    }

    /// Tensors of a safetensors file whose first axis counts records.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - features: the names of the tensors that are features, of which there is one at least.
    ///   - labels: the names of those that are labels. Default none.
    /// - Throws: as ``csv(_:label:features:isRegression:)``.
    public static func safetensors(
        _ path: String, features: [String], labels: [String] = []
    ) throws(TrainingError) -> DataInput {
        try file(path) { .safetensors(path: $0, features: features, labels: labels) }
    }

    /// Arrays whose first axis counts records.
    ///
    /// - Throws: ``TrainingError/inputFailed(detail:)`` where the arrays have different numbers of records, or none.
    public static func arrays(
        features: Structure<HostTensor>, labels: Structure<HostTensor>? = nil
    ) throws(TrainingError) -> DataInput {
        func named(_ arrays: Structure<HostTensor>?, _ name: String) -> [(name: String, tensor: HostTensor)] {
            switch arrays {
            case .single(let tensor): [(name, tensor)]
            case .named(let tensors): tensors.map { ($0.key, $0.value) }
            case nil: []
            }
        }
        let (inputs, outputs) = (named(features, "features"), named(labels, "labels"))
        var arrays: [(name: String, array: NDArray)] = []
        for (name, tensor) in inputs + outputs {
            guard let rows = tensor.shape.first, rows > 0, rows == inputs[0].tensor.shape.first else {
                throw .inputFailed(
                    detail: "\(name) is of shape \(tensor.shape), and \(inputs[0].name) of \(inputs[0].tensor.shape): "
                        + "give all the same number of records, along the first axis")
            }
            arrays.append((name, tensor.array))
        }
        // As a file with these arrays would be read; none is opened.
        let pipeline = InputPipeline(
            source: .safetensors(path: "", features: inputs.map(\.name), labels: outputs.map(\.name)),
            dropRemainder: false)
        return try opened { () throws(DatasetError) in
            try pipeline.open(MemorySource(arrays, featureCount: inputs.count))
        }
    }

    /// Opens the file of a path, whose last component the definition is made of.
    private static func file(_ path: String, _ definition: (String) -> SourceDefinition) throws(TrainingError)
        -> DataInput
    {
        guard let resolved = realpath(path, nil) else {
            let code = errno
            throw MachineError(code, while: "opening the input").map(TrainingError.machineFailed)
                ?? .inputFailed(detail: "\(path): \(SystemText.of(code))")
        }
        defer { free(resolved) }
        let whole = String(cString: resolved)
        let slash = whole.lastIndex(of: "/") ?? whole.startIndex
        let pipeline = InputPipeline(
            source: definition(String(whole[whole.index(after: slash)...])), dropRemainder: false)
        let folder = whole[..<slash].isEmpty ? "/" : String(whole[..<slash])
        return try opened { () throws(DatasetError) in try pipeline.open(DataRoots([folder])) }
    }

    private static func opened(_ open: () throws(DatasetError) -> Dataset) throws(TrainingError) -> DataInput {
        let dataset: Dataset
        do {
            dataset = try open()
        } catch {
            throw MachineError(error, while: "opening the input").map(TrainingError.machineFailed)
                ?? .inputFailed(detail: error.detail)
        }
        return try DataInput(dataset)
    }

    // MARK: In which order they come

    /// The same records mixed anew in each epoch.
    ///
    /// - Parameters:
    ///   - seed: what the order depends on.
    ///   - window: records from which the next is drawn at random (tf.data's `buffer_size`); nil, the default: all.
    /// - Throws: ``TrainingError/inputFailed(detail:)`` for a window of less than one record.
    public func shuffled(seed: UInt64, window: Int? = nil) throws(TrainingError) -> DataInput {
        try ordered(
            InputPipeline.Shuffle(bufferSize: window ?? max(1, dataset.count), seed: seed), dataset.pipeline.repeatCount
        )
    }

    /// The same records so many times, one epoch behind the other without a gap; nil, the default: without end.
    ///
    /// - Throws: ``TrainingError/inputFailed(detail:)`` for a negative number.
    public func repeated(_ count: Int? = nil) throws(TrainingError) -> DataInput {
        try ordered(dataset.pipeline.shuffle, count)
    }

    private func ordered(
        _ shuffle: InputPipeline.Shuffle?, _ repeatCount: Int?
    ) throws(TrainingError) -> DataInput {
        let pipeline = InputPipeline(
            source: dataset.pipeline.source, shuffle: shuffle, repeatCount: repeatCount, dropRemainder: false)
        var copy = self
        copy.dataset = try Self.opened { () throws(DatasetError) in try pipeline.open(dataset.source) }.dataset
        return copy
    }

    /// How many records there are in all; nil: without end.
    public var recordCount: Int? {
        dataset.pipeline.repeatCount.flatMap {
            let (count, overflow) = $0.multipliedReportingOverflow(by: dataset.count)
            return overflow ? nil : count
        }
    }

    /// An iterator over the caller's rows of every global batch.
    public func makeIterator(_ request: InputRequest) throws -> any InputIterator {
        DatasetIterator(
            try dataset.batches(
                ofSize: request.globalBatchSize, rows: request.rows, from: StreamPosition(batches: request.firstBatch)),
            leastRows: request.dropRemainder ? request.globalBatchSize : 0)
    }
}
