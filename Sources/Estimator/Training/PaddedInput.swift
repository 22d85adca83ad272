/// Input whose last batch is filled up to its size where a program takes nothing but full ones.
///
/// Its last element, behind the labels, is a float32 a row: 1 where the row is one of the input's, 0 where it fills up. The model
/// function has to leave such rows out of its loss, as a batch without them would have it: a mean is that over the rows
/// that count, and 0 where none does. Evaluation leaves them out of all metrics.
package protocol PaddedInput: InputFunction {
    /// Whether its last batch is filled up. Where it is not, the element that says which rows count is missing.
    var isPadded: Bool { get }
}

extension CallableInput {
    /// Whether its last batch is filled up.
    var fillsUp: Bool { (self as? any PaddedInput)?.isPadded ?? false }
}

extension UnsafeMutableRawBufferPointer {
    /// Writes the bytes of one row into each of these rows.
    func fill(_ rows: Range<Int>, with row: UnsafeRawBufferPointer) {
        for place in rows {
            UnsafeMutableRawBufferPointer(rebasing: self[(place * row.count)..<((place + 1) * row.count)])
                .copyMemory(from: row)
        }
    }
}
