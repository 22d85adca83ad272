public import Graph

/// Whole batches of an input function's own: an iterator, and what it fills at each call.
public final class InputBatches: Sendable {
    /// Gives the batches.
    package let iterator: any InputIterator
    /// Types of the elements, with the batch's axis.
    package let types: [TensorType]

    /// Batches of these types: whole ones, as many rows as the input function was told to give.
    public init(_ iterator: any InputIterator, types: [TensorType]) {
        self.iterator = iterator
        self.types = types
    }

    /// The elements in order.
    public var tensors: [InputTensor] {
        types.indices.map { place in
            InputTensor(
                signature: TensorSignature(name: "element\(place)", type: types[place]), batches: self, element: place)
        }
    }
}

/// One tensor of what an input function returns: it has another value at every step (TensorFlow: what `get_next` of an
/// iterator gives).
public struct InputTensor: Sendable {
    /// What is known of it, the batch's axis included.
    package let signature: TensorSignature
    /// Where its values come from.
    package let batches: InputBatches
    /// Its place among the elements of the batches.
    package let element: Int

    /// An element of batches; the signature may tell less of it than its type does.
    package init(signature: TensorSignature, batches: InputBatches, element: Int) {
        self.signature = signature
        self.batches = batches
        self.element = element
    }

    /// Its type; nil: the batches have no such element.
    package var type: TensorType? { batches.types.indices.contains(element) ? batches.types[element] : nil }
}
