/// Arithmetic on sizes that came from outside: a result past the range of Int is its limit, never a trap.
extension Int {
    /// The product, held to the range of Int.
    package func multipliedSaturated(by other: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? ((self < 0) == (other < 0) ? .max : .min) : product
    }

    /// The sum, held to the range of Int.
    package func addingSaturated(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
}

extension Sequence<Int> {
    /// The product of all, held to the range of Int; 1 for none.
    package var saturatedProduct: Int { reduce(1) { $0.multipliedSaturated(by: $1) } }
}
