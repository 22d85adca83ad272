extension EstimatorError: CustomStringConvertible {
    /// The condition in a sentence, with its numbers and names.
    public var description: String {
        switch self {
        case .modeNotSet: "the mode is needed, and the context has none: derive one with withMode"
        case .jobNameNotAllowed(let name): "\(name) is not allowed as the name of a job in the cluster"
        case .jobNameNotInferred: "the TPU job cannot be inferred from the cluster: give tpu_job_name in the TPUConfig"
        case .coreAndHostGiven: "only one of core number and host number can be given"
        case .neitherCoreNorHostGiven: "a core number or a host number is needed"
        case .noStepLimit: "one of num_steps and last_step must be given"
        case .twoStepLimits: "only one of num_steps and last_step can be given"
        case .notPositive(let name, let value): "\(name) must be positive, got \(value)"
        case .trainStepsMissing: "training on the TPU needs steps or max_steps"
        case .evalStepsMissing: "evaluation on the TPU needs steps"
        case .globalStepMissing: "the global step is missing; it has to be created first"
        case .globalStepExists: "global_step exists already"
        case .iterationsVariableAmbiguous: "there is more than one iterations_per_loop variable"
        case .variableNotLoaded(let name): "the variable \(name) is read before it was loaded"
        case .operationUnknown(let name): "the session has no operation \(name)"
        case .sessionClosed: "the session is closed"
        case .threadNotStarted(let code): "a worker thread cannot be started (error \(code))"
        case .featureKeysMismatched: "the keys of the features differ from those of the first call"
        case .labelKeysMismatched: "the keys of the labels differ from those of the first call"
        case .labelPresenceMismatched: "labels have to be there always or never"
        case .flattenedCountMismatched(let expected, let actual):
            "the number of flattened tensors differs from that of the recorded structure: expected \(expected), "
                + "got \(actual)"
        case .inputTupleCount(let count): "an input function returns features and labels, not \(count) values"
        case .evalMetricsNotAPair: "eval_metrics has to be a tuple or list"
        case .evalMetricsCount(let count): "eval_metrics has to have two elements, not \(count)"
        case .metricFunctionNotCallable: "eval_metrics[0] has to be callable"
        case .metricTensorsNotACollection: "eval_metrics[1] has to be a tuple, a list or a dictionary"
        case .metricArgumentCount(let expected, let actual):
            "the metric function takes \(expected) parameters, and there are \(actual) tensors"
        case .metricArgumentNames(let missing, let unexpected):
            "the tensors do not match the metric function's parameters: missing \(missing), unexpected \(unexpected)"
        case .metricNameReserved(let name):
            "a metric named \(name) is not allowed: every evaluation reports a \(name) of its own; give it another name"
        case .evalMetricsRecordedTwice: "the evaluation metrics have been recorded already"
        case .evalMetricsNotRecorded: "the evaluation metrics have not been recorded yet"
        case .evalMetricsMissing: "evaluation on the TPU needs a spec with eval_metrics"
        case .outfeedScalar(let name): "tensors sent by the TPU need a batch dimension, and \(name) is a scalar"
        case .configMissing: "a run configuration is needed"
        case .twoCheckpointIntervals: "save_checkpoints_steps and save_checkpoints_secs cannot be both set: give one"
        case .negative(let name, let value): "\(name) must be 0 or more, got \(value)"
        case .reservedParameters(let keys): "\(keys) are reserved keys, and params has them"
        case .trainBatchSizeMissing: "train_batch_size is needed"
        case .trainBatchSizeNotPositive(let size): "train_batch_size must be positive, got \(size)"
        case .trainBatchSizeNotDivisible(let size, let shards):
            "train batch size \(size) must be divisible by the number of shards \(shards)"
        case .evalBatchSizeNotPositive(let size): "eval_batch_size must be positive, got \(size)"
        case .evalBatchSizeNotDivisible(let size, let shards):
            "eval batch size \(size) must be divisible by the number of shards \(shards)"
        case .multiHostEvaluation: "evaluation on the TPU is supported on one host only"
        case .labelsNotTaken: "the model function does not take labels, and the input function gives some"
        case .labelsNotNil: "the wrapped model function was given labels"
        case .inputNotCallable: "the wrapped model function was given no input function"
        case .hooksNotSupported(let kind): "\(kind) of an EstimatorSpec are not supported on the TPU"
        case .notATPUSpec(let type): "evaluation on the TPU needs a TPUEstimatorSpec, got \(type)"
        case .crossShardOptimizerMissing: "a CrossShardOptimizer must be used for training on the TPU"
        case .queueRunnersNotSupported: "the input pipeline has queue runners, which are not supported"
        case .inputSummariesNotSupported: "the input pipeline has summaries, which are not supported"
        }
    }
}
