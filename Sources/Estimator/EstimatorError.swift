/// What goes wrong in an estimator. Every condition that TensorFlow's source checks has a case of its own.
public enum EstimatorError: Error, Sendable, Hashable {
    // MARK: Context and placement

    /// The mode is needed and the context has none.
    case modeNotSet
    /// The cluster has a job of a name that is reserved for the default.
    case jobNameNotAllowed(String)
    /// The cluster's jobs don't say which of them is the TPU's.
    case jobNameNotInferred
    /// A host was asked for by core and by host at once.
    case coreAndHostGiven
    /// A host of a job was asked for by neither core nor host.
    case neitherCoreNorHostGiven

    // MARK: Steps

    /// Neither a number of steps nor a last step is given.
    case noStepLimit
    /// Both a number of steps and a last step are given.
    case twoStepLimits
    /// A number that has to be positive is not.
    case notPositive(name: String, value: Int)
    /// Training on the TPU without steps and without max steps.
    case trainStepsMissing
    /// Evaluation on the TPU without steps.
    case evalStepsMissing

    // MARK: Variables and sessions

    /// There is no global step where one is needed.
    case globalStepMissing
    /// A global step is created where there is one.
    case globalStepExists
    /// There is more than one iterations variable.
    case iterationsVariableAmbiguous
    /// A variable is read that was never loaded.
    case variableNotLoaded(String)
    /// A session runs an operation that it does not know.
    case operationUnknown(String)
    /// A session is used after it was closed.
    case sessionClosed
    /// A worker thread cannot be started; the code is the system's.
    case threadNotStarted(code: Int32)

    // MARK: Features and labels

    /// Features came with other keys than the first time.
    case featureKeysMismatched
    /// Labels came with other keys than the first time.
    case labelKeysMismatched
    /// Labels came where there were none, or the other way round.
    case labelPresenceMismatched
    /// A flattened list has another length than the recorded structure.
    case flattenedCountMismatched(expected: Int, actual: Int)
    /// The input function returned a tuple of another length than two.
    case inputTupleCount(Int)

    // MARK: Evaluation metrics

    /// The evaluation metrics are neither a tuple nor a list.
    case evalMetricsNotAPair
    /// The evaluation metrics have another number of members than two.
    case evalMetricsCount(Int)
    /// The metric function cannot be called.
    case metricFunctionNotCallable
    /// The tensors of the evaluation metrics are not a tuple, a list or a dictionary.
    case metricTensorsNotACollection
    /// The metric function takes another number of parameters than there are tensors.
    case metricArgumentCount(expected: Int, actual: Int)
    /// The metric function cannot be called with the tensors of these names.
    case metricArgumentNames(missing: [String], unexpected: [String])
    /// A metric has a name under which every evaluation reports something of its own.
    case metricNameReserved(String)
    /// Evaluation metrics are recorded a second time.
    case evalMetricsRecordedTwice
    /// Tensors to be sent are asked for before evaluation metrics were recorded.
    case evalMetricsNotRecorded
    /// Evaluation on the TPU with a spec that has no evaluation metrics.
    case evalMetricsMissing
    /// A scalar is sent through the outfeed, where a batch dimension is needed.
    case outfeedScalar(String)

    // MARK: Host calls

    /// The function of a host call takes another number of parameters than there are tensors.
    case hostCallArgumentCount(expected: Int, actual: Int)
    /// The function of a host call cannot be called with the tensors of these names.
    case hostCallArgumentNames(missing: [String], unexpected: [String])

    // MARK: Constructor

    /// There is no run configuration.
    case configMissing
    /// The model directory that is given is not the configuration's.
    case modelDirectoriesDiffer(String, config: String)
    /// Checkpoints are asked for by steps and by seconds at once.
    case twoCheckpointIntervals
    /// A number that may be 0 is less.
    case negative(name: String, value: Int)
    /// Reserved keys are among the caller's parameters.
    case reservedParameters([String])
    /// Training batch size missing.
    case trainBatchSizeMissing
    /// Training batch size less than 1.
    case trainBatchSizeNotPositive(Int)
    /// Training batch size no multiple of the number of shards.
    case trainBatchSizeNotDivisible(batchSize: Int, numShards: Int)
    /// Evaluation batch size less than 1, found when an evaluation begins.
    case evalBatchSizeNotPositive(Int)
    /// Evaluation batch size no multiple of the number of shards.
    case evalBatchSizeNotDivisible(batchSize: Int, numShards: Int)
    /// Evaluation on the TPU on more than one host, without `TPUConfig.multiHostEvaluation`.
    case multiHostEvaluation

    // MARK: Model and input function

    /// The input function takes no `params`, by which it is to learn its batch size.
    case inputParamsNotTaken
    /// The model function takes no `params`, by which it is to learn its batch size.
    case modelParamsNotTaken
    /// The input function gives labels that the model function does not take.
    case labelsNotTaken
    /// Labels were handed to the wrapped model function on the TPU.
    case labelsNotNil
    /// The wrapped model function got no input function on the TPU.
    case inputNotCallable
    /// A training spec has hooks of a kind that is not supported.
    case hooksNotSupported(kind: String)
    /// Evaluation on the TPU with a spec that is not a TPU spec.
    case notATPUSpec(type: String)
    /// Training on the TPU without a cross-shard optimizer.
    case crossShardOptimizerMissing
    /// The groups of a cross-shard optimizer don't name every shard once.
    case groupAssignmentIncomplete(numShards: Int)
    /// The groups of a cross-shard optimizer have different sizes.
    case groupAssignmentUneven(sizes: [Int])
    /// The input pipeline has queue runners.
    case queueRunnersNotSupported
    /// The input pipeline has summaries.
    case inputSummariesNotSupported
}
