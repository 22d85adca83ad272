import Estimator
import Formats

/// A failure that a test makes happen.
struct InjectedFailure: Error, Equatable {
    var message = "injected failure"
}

/// One condition of the source: how its message begins, and which of our errors is the same condition.
struct SeedCondition: Sendable {
    let message: String
    let matches: @Sendable (EstimatorError) -> Bool

    init(_ message: String, _ matches: @escaping @Sendable (EstimatorError) -> Bool) {
        self.message = message
        self.matches = matches
    }

    /// Where an error differs from the expected error object.
    static func differences(of error: any Error, from expected: JSON) -> [String] {
        let type = expected["type"]?.string ?? ""
        let message = expected["message"]?.string ?? ""
        let origin = expected["origin"]?.string
        if let injected = error as? InjectedFailure {
            let same = (origin == nil || origin == "injected") && injected.message == message
            return same ? [] : ["failed as injected, expected \(type): \(message)"]
        }
        guard let error = error as? EstimatorError else { return ["failed with a foreign error: \(error)"] }
        // Language: only the fact that the operation fails counts.
        if origin == "language" { return [] }
        guard let condition = all.first(where: { $0.describes(message) }) else {
            return ["no condition is known for \(type): \(message)"]
        }
        var differences: [String] = []
        if !condition.matches(error) { differences.append("failed with \(error), expected \(message)") }
        if error.kind.rawValue != type { differences.append("failed as \(error.kind.rawValue), expected \(type)") }
        return differences
    }

    /// Whether an error is the condition that a message of the source tells of.
    static func isOf(_ error: EstimatorError, message: String) -> Bool {
        all.first { $0.describes(message) }?.matches(error) ?? false
    }

    private func describes(_ text: String) -> Bool {
        message.isEmpty ? text.isEmpty : text.hasPrefix(message)
    }

    static let all: [SeedCondition] = [
        SeedCondition("`mode` needs to be set via") { $0 == .modeNotSet },
        SeedCondition("Could not infer TPU job name.") { $0 == .jobNameNotInferred },
        SeedCondition("Currently, tpu_worker is not an allowed job name.") { $0 == .jobNameNotAllowed("tpu_worker") },
        SeedCondition("core_id and host_id can have only one") { $0 == .coreAndHostGiven },
        SeedCondition("One of num_steps or last_step must be specified.") { $0 == .noStepLimit },
        SeedCondition("Only one of num_steps or last_step can be specified.") { $0 == .twoStepLimits },
        SeedCondition("Global step should be created.") { $0 == .globalStepMissing },
        SeedCondition("\"global_step\" already exists.") { $0 == .globalStepExists },
        SeedCondition("`config` must be provided") { $0 == .configMissing },
        SeedCondition("['batch_size'] are reserved keys") { $0 == .reservedParameters(["batch_size"]) },
        SeedCondition("`train_batch_size` cannot be `None`") { $0 == .trainBatchSizeMissing },
        SeedCondition("`train_batch_size` must be positive") {
            if case .trainBatchSizeNotPositive = $0 { true } else { false }
        },
        SeedCondition("train batch size ") { if case .trainBatchSizeNotDivisible = $0 { true } else { false } },
        SeedCondition("eval batch size ") { if case .evalBatchSizeNotDivisible = $0 { true } else { false } },
        SeedCondition("TPU evaluation is only supported with one host.") { $0 == .multiHostEvaluation },
        SeedCondition("For TPU training, one of `steps` or `max_steps` must be set.") { $0 == .trainStepsMissing },
        SeedCondition("Evaluate `steps` must be set on TPU.") { $0 == .evalStepsMissing },
        SeedCondition("Train steps must be positive") { $0.isNotPositive("Train steps") },
        SeedCondition("Train max_steps must be positive") { $0.isNotPositive("Train max_steps") },
        SeedCondition("Eval steps must be positive") { $0.isNotPositive("Eval steps") },
        SeedCondition("feature keys mismatched") { $0 == .featureKeysMismatched },
        SeedCondition("label keys mismatched") { $0 == .labelKeysMismatched },
        SeedCondition("label presence mismatched") { $0 == .labelPresenceMismatched },
        SeedCondition("The number of flattened tensors mismatches expected num.") {
            if case .flattenedCountMismatched = $0 { true } else { false }
        },
        SeedCondition("eval_metrics should be tuple or list") { $0 == .evalMetricsNotAPair },
        SeedCondition("eval_metrics should have two elements.") {
            if case .evalMetricsCount(let count) = $0 { count != 2 } else { false }
        },
        SeedCondition("eval_metrics[0] should be callable.") { $0 == .metricFunctionNotCallable },
        SeedCondition("eval_metrics[1] should be tuple or list, or dict.") { $0 == .metricTensorsNotACollection },
        SeedCondition("In TPUEstimatorSpec.eval_metrics, length of tensors does not match") {
            if case .metricArgumentCount = $0 { true } else { false }
        },
        SeedCondition("Eval metrics have been recorded already.") { $0 == .evalMetricsRecordedTwice },
        SeedCondition("Eval metrics have not been recorded yet") { $0 == .evalMetricsNotRecorded },
        SeedCondition("All tensors outfed from TPU should preseve batch size dimension") {
            if case .outfeedScalar = $0 { true } else { false }
        },
        SeedCondition("input_fn (<function>) does not include params argument") {
            $0 == .inputParamsNotTaken
        },
        SeedCondition("model_fn (<function>) does not include params argument") {
            $0 == .modelParamsNotTaken
        },
        SeedCondition("model_fn does not take labels") { $0 == .labelsNotTaken },
        SeedCondition("training_chief_hooks returned") {
            $0 == .hooksNotSupported(kind: "training_chief_hooks")
        },
        SeedCondition("training_hooks returned") { $0 == .hooksNotSupported(kind: "training_hooks") },
        SeedCondition("evaluation_hooks returned") {
            $0 == .hooksNotSupported(kind: "evaluation_hooks")
        },
        SeedCondition("estimator_spec used by TPU evaluation must have type") {
            $0 == .notATPUSpec(type: "EstimatorSpec")
        },
        SeedCondition("CrossShardOptimizer must be used") { $0 == .crossShardOptimizerMissing },
        SeedCondition("Input pipeline contains one or more QueueRunners.") {
            $0 == .queueRunnersNotSupported
        },
        SeedCondition("Input pipeline contains `tf.summary` operations.") {
            $0 == .inputSummariesNotSupported
        },
        SeedCondition("`labels` passed to `model_fn` must be `None`.") { $0 == .labelsNotNil },
        SeedCondition("`input_fn` is not callable.") { $0 == .inputNotCallable },
        SeedCondition("Multiple iterations_per_loop_var in collection.") { $0 == .iterationsVariableAmbiguous },
    ]
}

extension EstimatorError {
    fileprivate func isNotPositive(_ expected: String) -> Bool {
        if case .notPositive(let name, _) = self { name == expected } else { false }
    }
}
