extension Int {
    /// The quotient rounded towards minus infinity, as Python's `//` does.
    ///
    /// The divisor is positive.
    package func floored(by divisor: Int) -> Int {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// The remainder that goes with `floored(by:)`, from 0 to the divisor, as Python's `%` gives it.
    ///
    /// The divisor is positive.
    package func modulo(_ divisor: Int) -> Int {
        let remainder = self % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }
}
