/// Where batches come from. One value serves all hosts: it is asked for one iterator a host (or, with
/// `per_host_input_for_training` off, one a core).
public protocol InputFunction: CallableInput {
    /// Types of one record's features, without the batch axis.
    var features: TypeStructure { get }
    /// Types of one record's labels; nil when there are none.
    var labels: TypeStructure? { get }
    /// An iterator over the caller's rows of every global batch.
    func makeIterator(_ request: InputRequest) throws -> any InputIterator
}

/// What one iterator is to deliver: the record stream is cut into global batches, and of each batch the iterator gives
/// a range of rows; so neither the number of hosts nor per-core input changes which record a core sees.
public struct InputRequest: Sendable {
    /// What the input is for.
    public var mode: ModeKeys
    /// `params` with the number of the caller's rows as batch size.
    public var params: ModelParameters
    /// Rows of a global batch.
    public var globalBatchSize: Int
    /// The caller's rows of every global batch.
    public var rows: Range<Int>
    /// Global batches that were consumed before: the first one that is delivered.
    public var firstBatch: Int
    /// Whether a last batch with fewer rows is dropped (on the TPU, or where ``CallableInput/dropsRemainder`` says so)
    /// or delivered.
    public var dropRemainder: Bool

    /// A request for `rows` of every batch from `firstBatch` on.
    public init(
        mode: ModeKeys, params: ModelParameters, globalBatchSize: Int, rows: Range<Int>, firstBatch: Int,
        dropRemainder: Bool
    ) {
        self.mode = mode
        self.params = params
        self.globalBatchSize = globalBatchSize
        self.rows = rows
        self.firstBatch = firstBatch
        self.dropRemainder = dropRemainder
    }
}

/// One feeding thread's batches, used by one thread at a time.
public protocol InputIterator: AnyObject, Sendable {
    /// Fills the caller's rows of the next global batch.
    ///
    /// - Parameter elements: one buffer for each element, features first, then labels, row-major, of as many rows as
    ///   were asked for.
    /// - Returns: how many rows were filled (fewer only in a last batch that is not dropped); nil at the end.
    func next(into elements: [UnsafeMutableRawBufferPointer]) throws -> Int?
}

extension InputIterator {
    /// How many rows came, none at the end. The buffers have room for `limit`.
    ///
    /// - Throws: what the iterator throws; ``TrainingError/inputFailed(detail:)`` for a number that can't be.
    func rows(into elements: [UnsafeMutableRawBufferPointer], atMost limit: Int) throws -> Int {
        let rows = try next(into: elements) ?? 0
        guard 0...limit ~= rows else {
            throw TrainingError.inputFailed(
                detail: "an iterator says that it filled \(rows) rows of \(limit): give a number from 0 to \(limit)")
        }
        return rows
    }
}
