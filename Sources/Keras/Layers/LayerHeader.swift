package import Formats

/// What the configuration of every layer has. Its members are read before the layer's own reader runs.
package struct LayerHeader: Sendable {
    /// Unique in its model.
    package let name: String
    /// Keras' class as it was written, for the summary and for messages.
    package let className: String
    /// Where the layer is in the job.
    package let pointer: JSONPointer
    /// Whose JSON the model is: some defaults and formulas differ.
    package let version: KerasVersion
    /// The layer's own `trainable`. What a call goes by is ``LayerCall/isTrainable``.
    package let isTrainable: Bool
    /// What the layer computes in.
    package let policy: DTypePolicy
    /// What the job says that all layers compute in, whatever they say themselves; nil: it says nothing.
    package let jobPolicy: DTypePolicy?
    /// How many layers and models are around the layer: 0 in the job's own model.
    package let depth: Int

    /// A layer's common part.
    package init(
        name: String, className: String, pointer: JSONPointer, version: KerasVersion, isTrainable: Bool = true,
        policy: DTypePolicy = .float32, jobPolicy: DTypePolicy? = nil, depth: Int = 0
    ) {
        self.name = name
        self.className = className
        self.pointer = pointer
        self.version = version
        self.isTrainable = isTrainable
        self.policy = policy
        self.jobPolicy = jobPolicy
        self.depth = depth
    }
}
