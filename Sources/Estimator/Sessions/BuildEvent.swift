/// What is done when an estimator builds, before there is a session: the input pipeline, the device's computation and what the
/// host makes of its results. TensorFlow adds operations to its graph at these places.
package enum BuildEvent: Sendable, Hashable {
    // MARK: Input

    /// The input function is called, on a device and in name scopes; nil: outside any device scope, without a batch size.
    case inputFunction(device: String?, scope: String, batchSize: Int?)
    /// An infeed queue was made for tuples of so many elements; the configuration is known where tensors are to be split.
    case infeedQueue(queue: Int, elements: Int, split: InfeedSplit?)
    /// A queue was configured from so many ready-made tuples.
    case configureFromShards(queue: Int, shards: Int)
    /// A queue is to split its tensors in so many parts.
    case setNumberOfShards(queue: Int, shards: Int)
    /// Each core of a host gets a tuple of its own.
    case enqueuePerCore(
        queue: Int, inputs: [[String]], ordinals: [Int], device: String, scope: String)
    /// All cores of a host get their parts of one tuple.
    case enqueueSplit(queue: Int, inputs: [String], shards: Int, placements: [String], scope: String)
    /// What follows is repeated on a host as often as the iterations variable says.
    case whileLoop(device: String)
    /// The end of what is repeated on a host.
    case whileLoopEnd
    /// A core's tuple is to be taken from the infeed.
    case infeedDequeue(queue: Int, count: Int)

    // MARK: The device's computation

    /// What follows is computed by so many cores.
    case shard(cores: Int)
    /// What follows is repeated as often as a variable says, from an initial loss.
    case `repeat`(times: String, initial: Double, name: String)
    /// The end of what is repeated on the cores.
    case repeatEnd(name: String)
    /// The model function is called.
    case modelFunction(
        mode: ModeKeys, batchSize: Int?, features: Structure<String>, labels: Structure<String>?)
    /// A sharding context begins outside of the TPU.
    case enterShardContext(shards: Int)
    /// That context ends.
    case exitShardContext(shards: Int)
    /// A value is handed on once other things have run.
    case identity(after: [String])
    /// The step's loss is added to the total once other things have run.
    case add(after: [String])
    /// A core sends tensors of these names.
    case outfeedEnqueue(tensors: [String])

    // MARK: The host's share

    /// The mean loss is the total over the steps.
    case divide
    /// A variable is brought to the host and checked to be finite.
    case checkNumerics(VariableCheck, after: String)
    /// The evaluation step is to go up.
    case assignAdd(variable: String, after: String)
    /// A placeholder that waits for so many things.
    case placeholder(after: Int)
    /// So many operations are run as one.
    case group(inputs: Int)
    /// A core's tuple is to be taken from the outfeed.
    case outfeedDequeue(device: String, count: Int)
    /// The cores' tensors of these names are to be joined along an axis on a device.
    case concatenation(name: String, axis: Int, device: String, inputs: [String])
    /// The metric function is called.
    case metricFunction(MetricArguments)
    /// The function of a host call is to be called with tensors of these names.
    case hostFunction(tensors: [String])
    /// The hook of infeed and outfeed was made, for so many hosts; nil: without an outfeed.
    case infeedOutfeedHook(job: String?, hosts: Int, dequeue: [String]?)
    /// The hook that logs values was made.
    case loggingHook(keys: [String], everySeconds: Int)
    /// A series of a number is kept.
    case summary(name: String)
    /// The training graph is checked.
    case validateTrainingGraph
    /// The spec that an estimator's wrapped model function returned.
    case spec(SpecSummary)
}

/// How an infeed queue splits its tensors (TensorFlow: `InfeedQueue.set_tuple_types` and what follows it).
package struct InfeedSplit: Sendable, Hashable {
    /// The elements' types.
    package let types: [String]
    /// The elements' shapes, as much as is known.
    package let shapes: [[Int?]?]
    /// Each element's axis of the batch; nil: the first.
    package let shardDimensions: [Int]?
}

/// What a spec has, by the names of its parts.
package struct SpecSummary: Sendable, Hashable {
    /// Its mode.
    package let mode: ModeKeys
    /// The types of its training hooks, in order.
    package let trainingHooks: [String]
    /// The types of its evaluation hooks, in order.
    package let evaluationHooks: [String]
    /// Whether it has a training operation.
    package let hasTrainOp: Bool
    /// The names of its predictions.
    package let predictions: [String]
    /// Its metrics, each with the names of the operations for its value and its update; nil: it has none.
    package let metrics: [[String]]?
}

/// The check that a variable's value is finite, made when it is brought to the host (TensorFlow: `_sync_variables_ops`, rule V3).
package struct VariableCheck: Sendable, Hashable {
    /// The variable.
    package let variable: String
    /// What a failure says. The source speaks of a gradient, though the value checked is the variable's.
    package var message: String { "Gradient for \(variable) is NaN" }

    /// The checks of trainable variables, in order.
    package static func all(_ variables: [String]) -> [VariableCheck] {
        variables.map(VariableCheck.init)
    }
}
