/// The limits of numbers in a specification, each named where it is passed. A product of two sizes may still pass Int's
/// range: it saturates or is checked.
package enum SpecLimit {
    /// Steps, repeats and other counts: 2^53 − 1, which a double holds exactly.
    package static let count = (1 << 53) - 1
    /// Rows of a batch: 2^31 − 1.
    package static let batch = Int(Int32.max)
    /// One extent of a shape: 2^31 − 1.
    package static let extent = Int(Int32.max)
    /// Numbers of one variable, and of one row of what a layer takes or gives: 2^31.
    package static let elements = 1 << 31
    /// Layers of a model.
    package static let layers = 10_000
    /// Layers and models that may be around a model.
    package static let depth = 16
    /// Bytes of a plan, the infeed's among them: 2^40.
    package static let planBytes = 1 << 40
}
