/// Which rows of a step's outfeed count: all of them, or without those that only fill up its batch (``PaddedInput``).
struct CountedRows {
    /// Of all rows, 0 for one that does not count; empty: all count.
    let valid: [Double]
    /// The numbers of those that count.
    let counted: [Int]

    /// The rows of a step.
    init(_ outfeed: [HostTensor]) {
        valid = outfeed.first { $0.name == EvaluationTotals.validName }?.doubles ?? []
        counted = valid.indices.filter { [valid] in valid[$0] != 0 }
    }

    /// Whether all rows count.
    var isWhole: Bool { counted.count == valid.count }

    /// A tensor without the rows that don't count; as it is where its rows are not the batch's.
    func of(_ tensor: HostTensor) -> HostTensor {
        isWhole || tensor.rows != valid.count ? tensor : tensor.selecting(rows: counted)
    }
}
