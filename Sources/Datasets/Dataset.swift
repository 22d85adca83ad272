import Formats

/// An opened input: records in memory or made on the fly, and streams of batches over them for any number of hosts.
package final class Dataset: Sendable {
    /// The definition.
    package let pipeline: InputPipeline
    /// The arrays of each record after the map, features first.
    package let layout: RecordLayout
    /// The source's records.
    package let count: Int
    /// Where the records are read from, after the map up to its first random step.
    package let source: any RecordSource
    let orders: EpochOrders?
    /// What random steps, and the steps behind them, do to each record of the stream; nil without any.
    let augmentation: Augmentation?

    init(_ source: any RecordSource, _ pipeline: InputPipeline, _ map: RecordMap) {
        self.pipeline = pipeline
        self.source = source
        layout = map.layout
        augmentation = map.drawn.isEmpty ? nil : Augmentation(map, seed: pipeline.seed)
        count = source.count
        orders = pipeline.shuffle.map { EpochOrders(count: source.count, shuffle: $0) }
    }

    /// Full or partial batches of that size; nil for a stream without end.
    package func batchCount(ofSize size: Int) -> Int? { pipeline.batchCount(ofSize: size, records: count) }

    /// The stream of global batches of `size` records, of which this reader takes the rows `rows`, from a position on.
    ///
    /// The position may come from a stream with other rows, but not from one with another size. Throws
    /// `invalidPosition` when it belongs to a source with another number of records.
    package func batches(
        ofSize size: Int, rows: Range<Int>, from position: StreamPosition = .start
    ) throws(DatasetError) -> BatchIterator {
        precondition(size > 0, "a batch has at least one record")
        precondition(rows.lowerBound >= 0 && rows.upperBound <= size, "the rows are some of the batch")
        if let records = position.records, records != count {
            throw DatasetError(
                .invalidPosition, JSONPointer("source"),
                "has \(count) records, but had \(records) when its position was saved")
        }
        guard position.batches >= 0, position.batches < Int.max / size / 2 else {
            throw DatasetError(.invalidPosition, .root, "has no batch \(position.batches)")
        }
        return BatchIterator(self, size: size, rows: rows, position: position.batches)
    }

    /// The whole of each global batch.
    package func batches(
        ofSize size: Int, from position: StreamPosition = .start
    ) throws(DatasetError) -> BatchIterator {
        try batches(ofSize: size, rows: 0..<size, from: position)
    }

    /// The first label that is not the number of one of so many classes, however it is written; nil when all are.
    package func firstWrongLabel(classes: Int) throws(DatasetError) -> WrongLabel? {
        for element in layout.labelRange {
            if let found = try firstWrongLabel(classes: classes, element: element) { return found }
        }
        return nil
    }

    /// The first number of one array, by its place in the layout, that is not the number of one of so many classes.
    package func firstWrongLabel(classes: Int, element: Int) throws(DatasetError) -> WrongLabel? {
        // Labels that are made up need not be read, unless a map makes something else of them.
        if layout.labelRange.contains(element), layout.elements[element].shape.isEmpty,
            case .synthetic(let made) = pipeline.source, case .classes(let count) = made.labels, count <= classes
        {
            return nil
        }
        return try source.firstWrongLabel(classes: classes, element: element)
    }
}
