package import Datasets
import Formats
package import Graph

/// One feeding thread's batches of a data set.
// @unchecked: an iterator is used by one thread at a time (InputIterator's contract).
package final class DatasetIterator: InputIterator, @unchecked Sendable {
    private let batches: BatchIterator
    private let order: [Int]?
    private let leastRows: Int
    /// Where arrays go that the program does not take.
    private let unused: [Int: UnsafeMutableRawBufferPointer]

    /// Batches of a data set.
    ///
    /// - Parameters:
    ///   - order: the element of a record that each buffer gets; nil, the default: buffers come in the record's order.
    ///   - leastRows: a global batch with fewer records is not given, and ends the stream. Default 0: every batch is given.
    ///   - unused: bytes of a batch's arrays that no buffer gets, by their places in a record. Default: every array has one.
    package init(_ batches: BatchIterator, order: [Int]? = nil, leastRows: Int = 0, unused: [Int: Int] = [:]) {
        self.batches = batches
        self.order = order
        self.leastRows = leastRows
        self.unused = unused.mapValues { .allocate(byteCount: $0, alignment: 64) }
    }

    deinit { for buffer in unused.values { buffer.deallocate() } }

    /// Fills the buffers.
    package func next(into elements: [UnsafeMutableRawBufferPointer]) throws -> Int? {
        guard let rows = batches.nextBatchSize, rows >= leastRows else { return nil }
        guard let order, order.count == elements.count else { return try batches.next(into: elements) }
        var ordered = elements
        for (place, buffer) in unused.sorted(by: { $0.key < $1.key }) { ordered.insert(buffer, at: place) }
        for (place, element) in order.enumerated() { ordered[element] = elements[place] }
        return try batches.next(into: ordered)
    }
}

extension TensorType {
    /// The graph's type of one record's array; nil for an element type that the graph does not have.
    package init?(_ spec: ElementSpec) {
        guard let type = DType(rawValue: spec.type.rawValue), DType.allCases.contains(type) else { return nil }
        self.init(type, Shape(spec.shape))
    }
}
