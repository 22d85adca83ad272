package import Graph

/// What the host's side of a build knows of a tensor: its name, its type and as much of its shape as is known (TensorFlow: a
/// symbolic `tf.Tensor`, as it is printed).
package struct TensorSignature: Sendable, Hashable {
    /// The name.
    package let name: String
    /// The element type by TensorFlow's word, which may be one that the graph has not.
    package let dtype: String
    /// The extents of the axes, nil where one is unknown; nil: the number of axes is unknown.
    package let shape: [Int?]?

    /// A tensor of that name, type and shape.
    package init(name: String, dtype: String, shape: [Int?]?) {
        self.name = name
        self.dtype = dtype
        self.shape = shape
    }

    /// A tensor of a graph, of which all is known but the name.
    package init(name: String, type: TensorType) {
        self.init(name: name, dtype: type.dtype.rawValue, shape: type.shape.dimensions)
    }

    /// Whether it is known to have no axis.
    package var isScalar: Bool { shape?.isEmpty == true }

    /// The same under another name.
    package func named(_ name: String) -> TensorSignature { TensorSignature(name: name, dtype: dtype, shape: shape) }
}

/// A tensor that can be sent through the outfeed: one of a graph's, or what is known of one.
package protocol OutfeedTensor {
    /// What is known of it; the name is the tensor's own where it has one.
    func signature(named name: String) -> TensorSignature
}

extension TensorSignature: OutfeedTensor {
    /// Itself, since it has a name.
    package func signature(named name: String) -> TensorSignature { self }
}

extension Tensor: OutfeedTensor {
    /// Its type under the name given: a graph's tensors have none of their own.
    package func signature(named name: String) -> TensorSignature { TensorSignature(name: name, type: type) }
}
