package import Datasets
import Formats
package import Graph

/// One feeding thread's batches of a data set.
// @unchecked: an iterator is used by one thread at a time (InputIterator's contract).
package final class DatasetIterator: InputIterator, @unchecked Sendable {
    private let batches: BatchIterator
    private let order: [Int]?
    private let leastRows: Int
    /// Where arrays go that the program does not take, by their places in a record, which rise.
    private let unused: [(place: Int, buffer: UnsafeMutableRawBufferPointer)]
    private let padding: [[UInt8]]?

    /// Batches of a data set.
    ///
    /// - Parameters:
    ///   - order: the element of a record that each buffer gets; nil, the default: buffers come in the record's order.
    ///   - leastRows: a global batch with fewer records is not given, and ends the stream. Default 0: every batch is given.
    ///   - unused: bytes of a batch's arrays that no buffer gets, by their places in a record. Default: every array has one.
    ///   - padding: the arrays of a record that fills batches up, where a last buffer says which rows count (``PaddedInput``);
    ///     nil, the default: batches are not filled up.
    package init(
        _ batches: BatchIterator, order: [Int]? = nil, leastRows: Int = 0, unused: [Int: Int] = [:],
        padding: [[UInt8]]? = nil
    ) {
        self.batches = batches
        self.order = order
        self.leastRows = leastRows
        self.padding = padding
        self.unused = unused.sorted { $0.key < $1.key }
            .map { ($0.key, .allocate(byteCount: $0.value, alignment: 64)) }
    }

    deinit { for (_, buffer) in unused { buffer.deallocate() } }

    /// Fills the buffers.
    package func next(into elements: [UnsafeMutableRawBufferPointer]) throws -> Int? {
        guard let rows = batches.nextBatchSize, rows >= leastRows else { return nil }
        guard let padding, let counts = elements.last else { return try batches.next(into: arranged(elements)) }
        let buffers = arranged(elements.dropLast())
        return try batches.next(into: buffers).map { fillUp(buffers, counts, with: padding, from: $0) }
    }

    /// The buffers in the order of a record's arrays, with those that take what the program does not.
    private func arranged(_ elements: some Collection<UnsafeMutableRawBufferPointer>) -> [UnsafeMutableRawBufferPointer]
    {
        let given = Array(elements)
        guard let order, order.count == given.count else { return given }
        var ordered = given
        for (place, buffer) in unused { ordered.insert(buffer, at: place) }
        for (place, element) in order.enumerated() { ordered[element] = given[place] }
        return ordered
    }

    /// Writes a record into every row from one on, and which rows count: 1 before that one, 0 from it on.
    ///
    /// - Returns: all rows.
    private func fillUp(
        _ buffers: [UnsafeMutableRawBufferPointer], _ counts: UnsafeMutableRawBufferPointer, with record: [[UInt8]],
        from rows: Int
    ) -> Int {
        let all = batches.rows.count
        for row in 0..<all {
            counts.storeBytes(of: row < rows ? 1 : 0, toByteOffset: row * MemoryLayout<Float>.size, as: Float.self)
        }
        for (array, buffer) in zip(record, buffers) {
            array.withUnsafeBytes { buffer.fill(rows..<all, with: $0) }
        }
        return all
    }
}

extension TensorType {
    /// The graph's type of one record's array; nil for an element type that the graph does not have.
    package init?(_ spec: ElementSpec) {
        guard let type = DType(rawValue: spec.type.rawValue), DType.allCases.contains(type) else { return nil }
        self.init(type, Shape(spec.shape))
    }
}
