public import OrderedCollections

/// What a training starts from while the `model_dir` has no checkpoint (TensorFlow: `tf.train.Scaffold`, of which this is the
/// `init_fn`).
public struct Scaffold: Sendable {
    /// Values of variables in place of their initializers'.
    package let initialValues: OrderedDictionary<String, HostTensor>

    /// Values of some of the model's variables by name, each of its variable's type and shape. The others start as their
    /// initializers say.
    public init(initialValues: OrderedDictionary<String, HostTensor>) { self.initialValues = initialValues }
}
