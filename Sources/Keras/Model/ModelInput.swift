import Formats
import Graph

/// One input of a model.
struct ModelInput: Sendable {
    /// The input layer's name; that of the model where it has none.
    let name: String
    /// Where the shape, or else the layer or the model, is in the job.
    let pointer: JSONPointer
    /// The shape of one row as far as it is said: an extent that is nil follows from the data; nil: all of it does.
    let shape: [Int?]?
    /// What values are cast to; nil: whole numbers stay as they come, all others become float32.
    let dtype: DType?

    /// Whether rows of this shape can be fed.
    func takes(_ row: [Int]) -> Bool {
        guard let shape else { return true }
        return shape.count == row.count && zip(shape, row).allSatisfy { $0 == nil || $0 == $1 }
    }

    /// The shape of one row where all of it is said; nil: the data's counts.
    var wholeShape: [Int]? {
        guard let shape else { return nil }
        let known = shape.compactMap(\.self)
        return known.count == shape.count ? known : nil
    }

    /// The shape in a message: `[28, null]`.
    var shapeInWords: String {
        shape.map { "[" + $0.map { $0.map(String.init) ?? "null" }.joined(separator: ", ") + "]" } ?? "any shape"
    }

    /// A tensor as the model's layers get it.
    func cast(_ x: Tensor) -> Tensor {
        if let dtype { return x.cast(to: dtype) }
        return x.dtype.isInteger ? x : x.cast(to: .float32)
    }
}
