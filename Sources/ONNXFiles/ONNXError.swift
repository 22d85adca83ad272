/// Why a program can't be written as an ONNX model.
package struct ONNXError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The layer that the operation belongs to; nil where the whole model is meant.
    package let layer: String?
    /// What is wrong, a sentence's end.
    package let detail: String

    /// An error.
    package init(layer: String?, _ detail: String) {
        self.layer = layer
        self.detail = detail
    }

    /// One sentence.
    package var description: String { "\(layer.map { "layer \($0)" } ?? "the model") \(detail)" }
}
