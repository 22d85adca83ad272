/// How far a stream of global batches has been read: what a checkpoint keeps of an input.
///
/// It holds for the same pipeline and batch size; the number of hosts may differ.
package struct StreamPosition: Sendable, Hashable {
    /// Global batches that have been read.
    package let batches: Int
    /// The source's records when the position was taken; nil when unknown. A source that has another number by then is
    /// another input.
    package let records: Int?

    /// The first record.
    package static let start = StreamPosition(batches: 0)

    /// A position by its batches.
    package init(batches: Int, records: Int? = nil) {
        self.batches = batches
        self.records = records
    }
}
