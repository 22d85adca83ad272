package import Formats

/// One host's rows of a stream of global batches. It belongs to one thread.
package final class BatchIterator {
    /// The arrays of each record, features first: the order of the buffers.
    package let layout: RecordLayout
    /// The rows of each global batch that this reader takes.
    package let rows: Range<Int>
    private let dataset: Dataset
    private let size: Int
    private let total: Int?
    private var batch: Int
    private var epoch = -1
    private var order: EpochOrder?

    init(_ dataset: Dataset, size: Int, rows: Range<Int>, position: Int) {
        self.dataset = dataset
        self.size = size
        self.rows = rows
        layout = dataset.layout
        batch = position
        if dataset.count == 0 {
            total = 0
        } else if let repeats = dataset.pipeline.repeatCount {
            let records = dataset.count.multipliedReportingOverflow(by: repeats)
            total = records.overflow ? nil : records.partialValue
        } else {
            total = nil
        }
    }

    /// The position behind the last batch that was read.
    package var position: StreamPosition { StreamPosition(batches: batch, records: dataset.count) }

    /// The records of the next global batch, all hosts' rows together; nil at the end.
    package var nextBatchSize: Int? {
        guard let total else { return size }
        let left = total - batch * size
        if left >= size { return size }
        return left > 0 && !dataset.pipeline.dropRemainder ? left : nil
    }

    /// Fills the buffers, one for each element, with this reader's rows of the next global batch, and goes on to the
    /// one after it. Each buffer holds at least `rows.count` records of its element.
    ///
    /// Returns the rows filled: `rows.count`, or fewer (also none) in a last batch that is not full; nil at the end.
    /// Nothing is allocated for a record. After a throw the batch has not been read.
    package func next(into buffers: [UnsafeMutableRawBufferPointer]) throws(DatasetError) -> Int? {
        precondition(buffers.count == layout.elements.count, "there is one buffer for each element")
        guard let available = nextBatchSize else { return nil }
        let first = batch * size + rows.lowerBound
        let end = batch * size + min(rows.upperBound, available)
        var record = first
        while record < end {
            let (epoch, offset) = record.quotientAndRemainder(dividingBy: dataset.count)
            let count = min(end - record, dataset.count - offset)
            try copy(epoch, offset..<(offset + count), into: buffers, from: record - first)
            record += count
        }
        batch += 1
        return max(0, end - first)
    }

    /// Copies records of one epoch, by their places in its order, to the buffers' rows from `row` on.
    private func copy(
        _ epoch: Int, _ places: Range<Int>, into buffers: [UnsafeMutableRawBufferPointer], from row: Int
    ) throws(DatasetError) {
        if epoch != self.epoch {
            order = dataset.orders?.order(of: epoch)
            self.epoch = epoch
        }
        for (element, spec) in layout.elements.enumerated() {
            let range = (row * spec.byteCount)..<((row + places.count) * spec.byteCount)
            let target = UnsafeMutableRawBufferPointer(rebasing: buffers[element][range])
            guard let augmentation = dataset.augmentation, let input = augmentation.input(of: element) else {
                try read(places, element: element, into: target)
                continue
            }
            let raw = UnsafeMutableRawBufferPointer.allocate(
                byteCount: places.count * input.byteCount, alignment: 64)
            defer { raw.deallocate() }
            try read(places, element: element, into: raw)
            try augmentation.apply(
                UnsafeRawBufferPointer(raw), into: target, element: element,
                first: epoch * dataset.count + places.lowerBound)
        }
    }

    /// Copies records by their places in the epoch's order.
    private func read(
        _ places: Range<Int>, element: Int, into target: UnsafeMutableRawBufferPointer
    ) throws(DatasetError) {
        if let order {
            try dataset.source.gather(order.records[places], element: element, into: target)
        } else {
            try dataset.source.read(records: places, element: element, into: target)
        }
    }
}

extension BatchIterator {
    /// The next batch as arrays of their own; nil at the end. For tests and prediction; feeding uses ``next(into:)``.
    package func next() throws(DatasetError) -> [NDArray]? {
        guard let available = nextBatchSize else { return nil }
        let count = max(0, min(rows.upperBound, available) - rows.lowerBound)
        let buffers = layout.elements.map {
            UnsafeMutableRawBufferPointer.allocate(byteCount: rows.count * $0.byteCount, alignment: 64)
        }
        defer { buffers.forEach { $0.deallocate() } }
        guard try next(into: buffers) != nil else { return nil }
        var arrays: [NDArray] = []
        for (spec, buffer) in zip(layout.elements, buffers) {
            var array = NDArray(zeros: spec.type, shape: [count] + spec.shape)
            array.withUnsafeMutableBytes { $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<$0.count])) }
            arrays.append(array)
        }
        return arrays
    }
}
