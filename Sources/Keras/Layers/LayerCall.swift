import Estimator
package import Graph

/// One call of a layer while a graph is built: everything but its inputs.
package struct LayerCall {
    /// What all layers of the graph write to.
    package let graph: ModelGraph
    /// The layer's name with those of the models and layers around it: what its variables' names begin with.
    package let path: String
    /// Whether the layer and all that is around it are trained. A layer that behaves in another way while training, other
    /// than `Dropout`, looks at it beside ``isTraining``: `BatchNormalization` uses its moving statistics where it is false.
    package let isTrainable: Bool
    /// The mask of each input, bool [batch, time]; nil: it has none.
    package let masks: [Tensor?]
    /// Which input is which argument.
    package let arguments: CallArguments
    /// Whether the layer's variables are rounded to bfloat16.
    package let roundsVariables: Bool

    /// The graph's builder.
    package var builder: GraphBuilder { graph.builder }
    /// Whose JSON the model is.
    package var version: KerasVersion { graph.version }
    /// Whether the graph is for training.
    package var isTraining: Bool { graph.isTraining }
    /// The number of steps done, a scalar int64.
    package var step: Tensor { GlobalStep.value(in: builder) }
    /// Cores that the program runs on: what a sum over all cores is divided by to make a mean.
    package var shards: Int { graph.shards }

    // MARK: Variables

    /// The value of the layer's variable of this name (that of ``LayerVariable/name``); behind an ``update(_:to:)`` in this
    /// step, the new value. In `mixed_bfloat16` it is rounded.
    package subscript(name: String) -> Tensor {
        let value = graph.value(of: "\(path)/\(name)")
        return roundsVariables && value.dtype.isFloating ? value.roundedToBFloat16() : value
    }

    /// Sets a variable that is not trained, as a moving statistic. It has no effect but in training. On several cores each
    /// gets the mean of all cores' values, so that they stay the same.
    package func update(_ name: String, to value: Tensor) {
        if isTraining { graph.update("\(path)/\(name)", to: value) }
    }

    // MARK: Random numbers

    /// Uniform numbers in [0, 1), of this shape with the batch axis: other ones in each step, on each core, at each call of
    /// each layer, and the same for the same seed of the job.
    package func randomUniform(_ shape: [Int]) -> Tensor { graph.randomUniform(Shape(shape), path: path) }

    /// Normally distributed numbers of mean 0 and deviation 1, as ``randomUniform(_:)``.
    package func randomNormal(_ shape: [Int]) -> Tensor {
        // Box and Muller 1958; 1 − u is never 0.
        let radius = ((1 - randomUniform(shape)).log() * -2).sqrt()
        return radius * (randomUniform(shape) * (2 * Double.pi)).cos()
    }

    // MARK: Loss

    /// Adds a scalar, made of what the layer makes of the batch, to the loss, in training and in evaluation.
    package func addPenalty(_ penalty: Tensor) {
        graph.penalties.append(penalty)
        graph.penalizesActivity = true
    }

    /// Adds a regularizer's penalty of an output: divided by the rows of the batch, as Keras does.
    package func addActivityPenalty(_ output: Tensor, _ regularizer: Regularizer) {
        addPenalty(regularizer.penalty(of: output) / Double(max(1, output.shape.dimensions.first ?? 1)))
    }

    // MARK: Masks

    /// What the masks of all inputs say together; nil: every step counts. In Keras 2 a step counts where no input leaves it
    /// out, in Keras 3 where one input has it; an input without a mask has all its steps.
    package var joinedMask: Tensor? {
        if version == .keras2 { return AttentionMask.joined(masks) }
        let given = masks.compactMap(\.self)
        guard let first = given.first, given.count == masks.count else { return nil }
        return given.dropFirst().reduce(first) { $0 .| $1 }
    }

    // MARK: Layers inside

    /// Calls a layer that this one wraps.
    ///
    /// - Parameters:
    ///   - inner: its variables are those of its plan, moved by ``LayerVariable/inside(_:isTrainable:)`` with the same path.
    ///   - part: the path of its variables below this layer's; empty: they are this layer's own.
    ///   - masks: of each input; none unless given.
    package func run(
        _ inner: any Layer, at part: String, _ inputs: [Tensor], masks: [Tensor?] = [],
        arguments: CallArguments? = nil
    ) -> LayerResult {
        graph.run(
            inner, path: part.isEmpty ? path : "\(path)/\(part)", isTrainable: isTrainable, inputs, masks: masks,
            arguments: arguments ?? .tensors(inputs.count))
    }
}
