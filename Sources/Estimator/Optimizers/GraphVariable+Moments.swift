import Graph

/// Means that optimizers keep in slots, in the two roundings that there are of them.
extension GraphVariable {
    /// Goes a part of the way to a number: `slot += (x − slot) · part`; gives what is stored.
    func approach(_ x: Tensor, by part: Double) -> Tensor { assign(value + (x - value) * part) }

    /// Keeps a part of itself and takes the rest of a number: `slot = part · slot + (1 − part) · x`; gives what is stored.
    @discardableResult
    func mix(_ x: Tensor, keeping part: Double) -> Tensor { assign(value * part + x * (1 - part)) }
}
