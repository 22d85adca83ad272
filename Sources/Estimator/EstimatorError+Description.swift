extension EstimatorError: CustomStringConvertible {
    /// The condition in a sentence, with its numbers and names.
    public var description: String {
        switch self {
        case .modeNotSet: "the mode is needed, and the context has none: derive one with withMode"
        case .jobNameNotAllowed(let name):
            "\(name) is not allowed as the name of a job in the cluster, since it is the default's: rename the job, or "
                + "give tpu_job_name in the TPUConfig"
        case .jobNameNotInferred: "the TPU job cannot be inferred from the cluster: give tpu_job_name in the TPUConfig"
        case .coreAndHostGiven: "only one of core number and host number can be given: leave one out"
        case .neitherCoreNorHostGiven: "a core number or a host number is needed: give one"
        case .noStepLimit: "one of num_steps and last_step must be given"
        case .twoStepLimits: "only one of num_steps and last_step can be given: leave one out"
        case .notPositive(let name, let value): "\(name) must be positive, got \(value)"
        case .trainStepsMissing: "training on the TPU needs steps or max_steps: give one"
        case .evalStepsMissing: "evaluation on the TPU needs steps: give how many batches it takes"
        case .globalStepMissing: "the global step is missing: create it before the hooks begin"
        case .globalStepExists: "global_step exists already"
        case .iterationsVariableAmbiguous: "there is more than one iterations_per_loop variable"
        case .variableNotLoaded(let name): "the variable \(name) is read before it was loaded"
        case .operationUnknown(let name): "the session has no operation \(name)"
        case .sessionClosed: "the session is closed, and runs nothing any more: create a new one"
        case .threadNotStarted(let code): "a worker thread cannot be started: \(SystemText.of(code))"
        case .featureKeysMismatched: "the keys of the features differ from those of the first call"
        case .labelKeysMismatched: "the keys of the labels differ from those of the first call"
        case .labelPresenceMismatched: "labels have to be there in every call or in none"
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
        case .evalMetricsMissing:
            "evaluation on the TPU needs a spec with eval_metrics, and the model function's has none"
        case .outfeedScalar(let name):
            "tensors sent by the TPU need a batch dimension, and \(name) is a scalar: send one value for each row"
        case .hostCallArgumentCount(let expected, let actual):
            "the function of host_call takes \(expected) parameters, and there are \(actual) tensors"
        case .hostCallArgumentNames(let missing, let unexpected):
            "the tensors do not match the parameters of host_call's function: missing \(missing), unexpected \(unexpected)"
        case .configMissing: "a run configuration is needed"
        case .modelDirectoriesDiffer(let given, let config):
            "the model directory \(given) is not that of the run configuration, \(config): give one of them"
        case .twoCheckpointIntervals:
            "save_checkpoints_steps and save_checkpoints_secs cannot be both set: leave one out"
        case .negative(let name, let value): "\(name) must be 0 or more, got \(value)"
        case .reservedParameters(let keys): "\(keys) are reserved keys, and params has them: give them other names"
        case .trainBatchSizeMissing: "train_batch_size is needed on the TPU: give a multiple of the number of shards"
        case .trainBatchSizeNotPositive(let size): "train_batch_size must be positive, got \(size)"
        case .trainBatchSizeNotDivisible(let size, let shards):
            "train batch size \(size) must be divisible by the number of shards \(shards)"
                + Self.multiple(of: shards, near: size)
        case .evalBatchSizeNotPositive(let size): "eval_batch_size must be positive, got \(size)"
        case .evalBatchSizeNotDivisible(let size, let shards):
            "eval batch size \(size) must be divisible by the number of shards \(shards)"
                + Self.multiple(of: shards, near: size)
        case .multiHostEvaluation:
            "evaluation on the TPU is on one host: use \(TPUContext.maximumCoresPerHost) shards at most, set "
                + "multi_host_evaluation, or leave eval_batch_size out to evaluate on the CPU"
        case .inputParamsNotTaken:
            "the input function does not take params, by which it is told its batch size: declare it"
        case .modelParamsNotTaken:
            "the model function does not take params, by which it is told its batch size: declare it"
        case .labelsNotTaken: "the model function does not take labels, and the input function gives some"
        case .labelsNotNil: "the wrapped model function was given labels"
        case .inputNotCallable: "the wrapped model function was given no input function"
        case .hooksNotSupported(let kind): "\(kind) of an EstimatorSpec are not supported: hand hooks to train"
        case .notATPUSpec(let type): "evaluation on the TPU needs a TPUEstimatorSpec, got \(type)"
        case .crossShardOptimizerMissing:
            "a CrossShardOptimizer must be used for training on the TPU: wrap it around the optimizer, as it adds up the "
                + "gradients of all shards"
        case .groupAssignmentIncomplete(let shards):
            "group_assignment must name every shard of 0 ..< \(shards) once: put each into one group"
        case .groupAssignmentUneven(let sizes):
            "the groups of group_assignment must be of one size, got sizes \(sizes)"
        case .queueRunnersNotSupported: "the input pipeline has queue runners, which are not supported"
        case .inputSummariesNotSupported: "the input pipeline has summaries, which are not supported"
        }
    }
    /// The multiple nearest to a batch size, as advice behind a message; empty where that multiple would be 0.
    private static func multiple(of shards: Int, near size: Int) -> String {
        guard shards >= 1 else { return "" }
        let below = size / shards * shards
        let above = below.addingReportingOverflow(shards)
        let nearest =
            above.overflow || (below > 0 && size - below <= above.partialValue - size)
            ? below : above.partialValue
        return nearest > 0 ? ": \(nearest) is" : ""
    }
}
