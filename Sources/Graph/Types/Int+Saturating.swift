/// Sizes and costs come from whoever wrote a model. What exceeds 64 bits becomes the nearest bound: too large to be
/// true, and refused or reported as such, never a trap.
extension Int {
    /// The sum, or the bound on its side.
    package func adding(saturating other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }

    /// The difference, or the bound on its side.
    package func subtracting(saturating other: Int) -> Int {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? (other < 0 ? .max : .min) : difference
    }

    /// The product, or the bound on its side.
    package func multiplied(saturating other: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? ((self < 0) == (other < 0) ? .max : .min) : product
    }
}
