package import Formats
package import Graph

/// A layer: what it makes of shapes and of tensors. Whoever adds one reads this and docs/adding-a-layer.md.
///
/// A layer is a value that its reader (a row of ``LayerTable``) makes of Keras' configuration. It has no state: it says
/// beforehand which variables it needs (``plan(_:_:)``), and is handed them in a ``LayerCall`` when a graph is built
/// (``call(_:_:)``). A layer that is called at several places of a model (a shared layer) has its variables once, and its
/// call runs once for each place.
///
/// Shapes in plans are those of one row, without the batch axis; tensors in calls have it in front. All extents are known.
/// Inputs come in the order of the call's arguments, lists flattened: those of `Add()([a, b])` and of
/// `MultiHeadAttention()(a, value=b)` are both `[a, b]`; ``CallArguments`` says which is which. They are float32 unless
/// ``takesIntegers`` is true. Whatever a specification can hold must be refused by the reader or the plan with a
/// `SpecError`: calls don't throw, and nothing behind the plan checks again.
///
/// A layer of one input and one output conforms to ``UnaryLayer``, which asks for less.
package protocol Layer: Sendable {
    /// What the configuration of every layer has.
    var common: LayerHeader { get }
    /// What becomes of its inputs' masks. Default ``Masking/drops``, as in Keras.
    var masking: Masking { get }
    /// Whether inputs of whole numbers come as they are (`Embedding`); by default they are cast to float32 first.
    var takesIntegers: Bool { get }
    /// What it computes in: by default what ``common`` says.
    var policy: DTypePolicy { get }
    /// Whether its variables stay as they are in `mixed_bfloat16` (Keras: `autocast=False`); by default they are rounded.
    var keepsVariables: Bool { get }
    /// Whether the numbers of its output's last axis are positive and add up to 1; false by default.
    var givesProbabilities: Bool { get }
    /// Keyword arguments of the call that it knows, beside `training`, which means nothing here. Others are refused.
    var keywords: Set<String> { get }

    /// The shapes of the outputs and the variables for inputs of these shapes (those of the first call, where it is
    /// shared); what the layer can't take is a fault that names it and says what was expected.
    func plan(_ inputs: [[Int]], _ arguments: CallArguments) throws(SpecError) -> LayerPlan

    /// Adds the layer to a graph: as many outputs as planned. Variables, mode, random numbers, penalties and the like are
    /// members of the call.
    func call(_ inputs: [Tensor], _ call: LayerCall) -> [Tensor]

    /// The outputs' masks, for layers whose ``masking`` is ``Masking/makes``. A mask is a bool tensor [batch, time].
    func masks(_ inputs: [Tensor], _ call: LayerCall) -> [Tensor?]

    /// Outputs and masks at once: by default what ``call(_:_:)`` and ``masking`` give. Only what holds whole models has its
    /// own.
    func run(_ inputs: [Tensor], _ call: LayerCall) -> LayerResult
}

extension Layer {
    /// No masks pass.
    package var masking: Masking { .drops }
    /// Integers become float32.
    package var takesIntegers: Bool { false }
    /// What its configuration, or the job, says.
    package var policy: DTypePolicy { common.policy }
    /// Variables are rounded.
    package var keepsVariables: Bool { false }
    /// Any numbers.
    package var givesProbabilities: Bool { false }
    /// No keyword is known.
    package var keywords: Set<String> { [] }
    /// No masks.
    package func masks(_ inputs: [Tensor], _ call: LayerCall) -> [Tensor?] { [] }

    /// The layer's call, and masks as ``masking`` says.
    package func run(_ inputs: [Tensor], _ call: LayerCall) -> LayerResult {
        let outputs = self.call(inputs, call)
        let masks: [Tensor?]
        switch masking {
        case .drops: masks = []
        case .passes: masks = outputs.map { _ in call.masks.first ?? nil }
        case .joins: masks = outputs.map { _ in call.joinedMask }
        case .makes: masks = self.masks(inputs, call)
        }
        return LayerResult(outputs, masks: masks)
    }

    /// Unique in its model; variables are named `<name>/<variable>`.
    package var name: String { common.name }
    /// Where the layer is in the job.
    package var pointer: JSONPointer { common.pointer }
}

/// What becomes of the masks of a layer's inputs.
package enum Masking: Sendable {
    /// The outputs have none: the layer knows nothing of masks, or uses them up.
    case drops
    /// Each output has the first input's.
    case passes
    /// Each output has what the inputs' masks say together (``LayerCall/joinedMask``).
    case joins
    /// The layer says itself.
    case makes
}

/// What a layer's call gave: its outputs, and the mask of each.
package struct LayerResult {
    package let outputs: [Tensor]
    /// As many as outputs; nil: no mask.
    package let masks: [Tensor?]

    /// Outputs with their masks; those that are not given are none.
    package init(_ outputs: [Tensor], masks: [Tensor?] = []) {
        self.outputs = outputs
        self.masks = outputs.indices.map { $0 < masks.count ? masks[$0] : nil }
    }
}
