import Estimator

/// An input whose iterators give what a closure says, with numbers of its own.
struct GivenInput: InputFunction {
    var features = SmallModel.array().features
    var labels = SmallModel.array().labels
    var ownBatchSize = 8
    var recordCount: Int?
    var stepsAhead: Int?
    /// Says how many rows, all zeros, an iterator's batch has, batches counted from 0; nil is the end.
    let rows: @Sendable (InputRequest, Int) throws -> Int?

    func makeIterator(_ request: InputRequest) throws -> any InputIterator { Iterator(request, rows) }

    // @unchecked: an iterator is used by one thread at a time.
    private final class Iterator: InputIterator, @unchecked Sendable {
        let request: InputRequest
        let rows: @Sendable (InputRequest, Int) throws -> Int?
        var batch = 0

        init(_ request: InputRequest, _ rows: @escaping @Sendable (InputRequest, Int) throws -> Int?) {
            self.request = request
            self.rows = rows
        }

        func next(into elements: [UnsafeMutableRawBufferPointer]) throws -> Int? {
            for element in elements { element.initializeMemory(as: UInt8.self, repeating: 0) }
            defer { batch += 1 }
            return try rows(request, batch)
        }
    }
}
