package import Datasets
import Formats
package import Graph

/// One feeding thread's batches of a data set.
// @unchecked: an iterator is used by one thread at a time (InputIterator's contract).
package final class DatasetIterator: InputIterator, @unchecked Sendable {
    private let batches: BatchIterator
    private let order: [Int]?
    private let leastRows: Int

    /// Batches of a data set.
    ///
    /// - Parameters:
    ///   - order: the element of a record that each buffer gets; nil, the default: buffers come in the record's order.
    ///   - leastRows: a global batch with fewer records is not given, and ends the stream. Default 0: every batch is given.
    package init(_ batches: BatchIterator, order: [Int]? = nil, leastRows: Int = 0) {
        self.batches = batches
        self.order = order
        self.leastRows = leastRows
    }

    /// Fills the buffers.
    package func next(into elements: [UnsafeMutableRawBufferPointer]) throws -> Int? {
        guard let rows = batches.nextBatchSize, rows >= leastRows else { return nil }
        guard let order, order.count == elements.count else { return try batches.next(into: elements) }
        var ordered = elements
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
