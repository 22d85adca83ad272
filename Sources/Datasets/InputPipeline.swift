import Formats

/// An input as values: what is read, what is done to each record, in which order records come, how they are cut.
///
/// The order is tf.data's `source.map(…).shuffle(…).repeat(…).batch(…)`; random steps of the map come behind `repeat`. The stream after shuffle and repeat is cut into
/// global batches, of which each host takes its rows: neither the number of hosts nor a restart changes a record's
/// place.
package struct InputPipeline: Sendable, Hashable {
    /// A window of records from which the next is drawn at random (tf.data's `shuffle`, reshuffled each epoch).
    package struct Shuffle: Sendable, Hashable {
        /// Records in the window; a window of the whole input gives a uniform permutation.
        package let bufferSize: Int
        /// With the epoch's number it fixes the order.
        package let seed: UInt64

        /// A shuffle.
        package init(bufferSize: Int, seed: UInt64) {
            self.bufferSize = bufferSize
            self.seed = seed
        }
    }

    /// Where the records come from.
    package let source: SourceDefinition
    /// What is done to each record, in order.
    package let map: [MapStep]
    /// How records are mixed; nil keeps the file's order.
    package let shuffle: Shuffle?
    /// How often the records are read; nil is without end.
    package let repeatCount: Int?
    /// Whether a last batch that is not full is left out.
    package let dropRemainder: Bool
    /// Batches that may wait before the device; the capacity of a host's infeed queue.
    package let prefetch: Int

    /// Whether records, mapped up to the first random step, are kept in memory up to the limit of a source's bytes, not only up to that of what is kept
    /// anyway; a source with more is refused.
    package let cache: Bool
    /// What random steps of the map draw by, together with each record's place in the stream.
    package let seed: UInt64

    /// A pipeline; without map, shuffle, once, full batches only, two batches ahead unless said otherwise.
    package init(
        source: SourceDefinition, map: [MapStep] = [], shuffle: Shuffle? = nil, repeatCount: Int? = 1,
        dropRemainder: Bool = true, prefetch: Int = 2, cache: Bool = false, seed: UInt64 = 0
    ) {
        self.cache = cache
        self.seed = seed
        self.source = source
        self.map = map
        self.shuffle = shuffle
        self.repeatCount = repeatCount
        self.dropRemainder = dropRemainder
        self.prefetch = prefetch
    }

    /// Looks at the source without keeping it: files, headers, counts, the first rows of a CSV file; then holds the map
    /// against it. The layout is that after the map. Throws what is wrong.
    package func check(_ roots: DataRoots, limits: SourceLimits = SourceLimits()) throws(DatasetError) -> SourceSummary
    {
        try checkNumbers()
        return try check(try source.check(roots, limits), limits: limits)
    }

    /// Holds the map and the order against what a look at the source has shown; the layout is that after the map. What is
    /// wrong with several parts is thrown together.
    package func check(
        _ summary: SourceSummary, limits: SourceLimits = SourceLimits()
    ) throws(DatasetError) -> SourceSummary {
        var errors: [DatasetError] = []
        func collecting(_ part: () throws(DatasetError) -> Void) {
            do {
                try part()
            } catch {
                errors.append(error)
            }
        }
        var records: RecordMap?
        collecting { () throws(DatasetError) in records = try RecordMap(map, summary.layout) }
        collecting { () throws(DatasetError) in try checkCount(summary.count) }
        collecting { () throws(DatasetError) in try checkShuffle(summary.count, limits) }
        if cache, errors.isEmpty, let count = summary.count, let records {
            collecting { () throws(DatasetError) in try checkCache(count, records.kept, limits) }
        }
        for (place, step) in map.enumerated() {
            guard case .oneHot(let classes) = step, let wrong = summary.labels?.firstWrong(classes: classes) else {
                continue
            }
            errors.append(DatasetError(.invalidData, JSONPointer("map", String(place), step.name), "\(wrong)"))
        }
        if let error = DatasetError(errors) { throw error }
        let isMapped = map.contains { if case .oneHot = $0 { true } else { false } }
        return SourceSummary(
            count: summary.count, layout: records?.layout ?? summary.layout, labels: isMapped ? nil : summary.labels)
    }

    /// Reads the source. Throws what ``check(_:limits:)`` throws, in the same words, also for what lies further on.
    package func open(_ roots: DataRoots, limits: SourceLimits = SourceLimits()) throws(DatasetError) -> Dataset {
        try checkNumbers()
        return try open(try source.open(roots, limits), limits: limits)
    }

    /// The same over records that are open already, in place of the pipeline's source.
    package func open(
        _ source: any RecordSource, limits: SourceLimits = SourceLimits()
    ) throws(DatasetError) -> Dataset {
        try checkNumbers()
        try checkCount(source.count)
        try checkShuffle(source.count, limits)
        let records = try RecordMap(map, source.layout)
        var mapLimits = limits
        if cache {
            try checkCache(source.count, records.kept, limits)
            mapLimits.cachedBytes = limits.bytes
        }
        return Dataset(try source.mapped(records, mapLimits), self, records)
    }

    /// Full or partial batches of `size` records that `count` records give; nil for a stream without end.
    package func batchCount(ofSize size: Int, records count: Int) -> Int? {
        guard let repeatCount else { return count == 0 ? 0 : nil }
        let total = count.multipliedReportingOverflow(by: repeatCount)
        if total.overflow { return nil }
        return dropRemainder
            ? total.partialValue / size : total.partialValue / size + (total.partialValue % size > 0 ? 1 : 0)
    }

    /// An order numbers its records in 32 bits. Also a small file can announce more: its records may hold nothing.
    private func checkCount(_ count: Int?) throws(DatasetError) {
        guard let count, count >= Int(UInt32.max) else { return }
        throw DatasetError(.tooLarge, JSONPointer("source"), "has \(count) records, more than \(UInt32.max - 1)")
    }

    private func checkCache(_ count: Int, _ layout: RecordLayout, _ limits: SourceLimits) throws(DatasetError) {
        let size = layout.recordBytes.multipliedSaturated(by: count)
        guard size > limits.bytes else { return }
        throw DatasetError(
            .tooLarge, JSONPointer("cache"),
            "can't keep \(count) records of \(layout.recordBytes) bytes in memory: the limit is \(limits.bytes) bytes")
    }

    /// A shuffle's order has a number for each record.
    private func checkShuffle(_ count: Int?, _ limits: SourceLimits) throws(DatasetError) {
        guard shuffle != nil, let count, count.multipliedSaturated(by: 8) > limits.bytes else { return }
        throw DatasetError(
            .tooLarge, JSONPointer("shuffle"),
            "can't mix \(count) records: their order alone would take more than the limit of \(limits.bytes) bytes")
    }

    private func checkNumbers() throws(DatasetError) {
        if let shuffle, shuffle.bufferSize < 1 {
            throw DatasetError(
                .invalidDefinition, JSONPointer("shuffle", "buffer_size"),
                "must be a positive whole number, not \(shuffle.bufferSize)")
        }
        if let repeatCount, repeatCount < 0 {
            throw DatasetError(
                .invalidDefinition, JSONPointer("repeat"), "must be a whole number of at least 0, not \(repeatCount)")
        }
        if prefetch < 1 {
            throw DatasetError(
                .invalidDefinition, JSONPointer("prefetch"), "must be a positive whole number, not \(prefetch)")
        }
    }
}
