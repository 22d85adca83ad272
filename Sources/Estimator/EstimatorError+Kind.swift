extension EstimatorError {
    /// The class of a condition: the exception type that TensorFlow raises for it.
    package enum Kind: String, Sendable, Hashable {
        /// A bad argument or configuration.
        case value = "ValueError"
        /// The wrong kind of argument.
        case type = "TypeError"
        /// The wrong state or the wrong use.
        case runtime = "RuntimeError"
        /// Something that is not supported.
        case notImplemented = "NotImplementedError"
        /// An internal invariant is broken.
        case assertion = "AssertionError"
    }

    /// The class of this condition.
    package var kind: Kind {
        switch self {
        case .jobNameNotAllowed, .jobNameNotInferred, .noStepLimit, .twoStepLimits, .notPositive, .trainStepsMissing,
            .evalStepsMissing, .globalStepExists, .flattenedCountMismatched, .inputTupleCount, .evalMetricsNotAPair,
            .evalMetricsCount, .metricTensorsNotACollection, .metricNameReserved, .configMissing,
            .modelDirectoriesDiffer,
            .twoCheckpointIntervals, .negative, .reservedParameters, .trainBatchSizeMissing, .evalBatchSizeNotPositive,
            .trainBatchSizeNotPositive, .trainBatchSizeNotDivisible, .evalBatchSizeNotDivisible, .labelsNotTaken,
            .inputParamsNotTaken, .modelParamsNotTaken,
            .hooksNotSupported, .crossShardOptimizerMissing, .groupAssignmentIncomplete, .groupAssignmentUneven:
            .value
        case .neitherCoreNorHostGiven, .metricFunctionNotCallable, .metricArgumentNames, .evalMetricsMissing,
            .hostCallArgumentNames:
            .type
        case .modeNotSet, .coreAndHostGiven, .globalStepMissing, .iterationsVariableAmbiguous, .variableNotLoaded,
            .operationUnknown, .sessionClosed, .threadNotStarted, .metricArgumentCount, .hostCallArgumentCount,
            .evalMetricsRecordedTwice,
            .evalMetricsNotRecorded, .outfeedScalar, .notATPUSpec, .queueRunnersNotSupported,
            .inputSummariesNotSupported:
            .runtime
        case .multiHostEvaluation:
            .notImplemented
        case .featureKeysMismatched, .labelKeysMismatched, .labelPresenceMismatched, .labelsNotNil, .inputNotCallable:
            .assertion
        }
    }
}
