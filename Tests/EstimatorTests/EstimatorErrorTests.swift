import Estimator
import Testing

@Suite struct EstimatorErrorTests {
    private static let all: [EstimatorError] = [
        .modeNotSet, .jobNameNotAllowed("tpu_worker"), .jobNameNotInferred, .coreAndHostGiven,
        .neitherCoreNorHostGiven, .noStepLimit, .twoStepLimits, .notPositive(name: "Train steps", value: 0),
        .trainStepsMissing, .evalStepsMissing, .globalStepMissing, .globalStepExists, .iterationsVariableAmbiguous,
        .variableNotLoaded("v"), .operationUnknown("o"), .sessionClosed, .threadNotStarted(code: 11),
        .featureKeysMismatched, .labelKeysMismatched, .labelPresenceMismatched,
        .flattenedCountMismatched(expected: 2, actual: 3), .inputTupleCount(3), .evalMetricsNotAPair,
        .evalMetricsCount(3), .metricFunctionNotCallable, .metricTensorsNotACollection,
        .metricArgumentCount(expected: 1, actual: 2), .metricArgumentNames(missing: ["a"], unexpected: ["b"]),
        .hostCallArgumentCount(expected: 1, actual: 2), .hostCallArgumentNames(missing: ["a"], unexpected: ["b"]),
        .metricNameReserved("loss"), .twoCheckpointIntervals, .negative(name: "save_summary_steps", value: -1),
        .evalBatchSizeNotPositive(0), .evalMetricsRecordedTwice, .evalMetricsNotRecorded, .evalMetricsMissing,
        .outfeedScalar("t"), .configMissing, .modelDirectoriesDiffer("a", config: "b"),
        .reservedParameters(["batch_size"]), .trainBatchSizeMissing, .trainBatchSizeNotPositive(-1),
        .trainBatchSizeNotDivisible(batchSize: 7, numShards: 8),
        .evalBatchSizeNotDivisible(batchSize: 7, numShards: 8), .multiHostEvaluation, .labelsNotTaken, .labelsNotNil,
        .inputNotCallable, .hooksNotSupported(kind: "training_hooks"), .notATPUSpec(type: "EstimatorSpec"),
        .crossShardOptimizerMissing, .groupAssignmentIncomplete(numShards: 8), .groupAssignmentUneven(sizes: [1, 3]),
        .queueRunnersNotSupported, .inputSummariesNotSupported,
    ]

    @Test func eachConditionHasItsOwnWords() {
        #expect(Set(Self.all.map(\.description)).count == Self.all.count)
    }

    @Test func eachKnownMessageOfTheSourceIsOneCondition() {
        for condition in SeedCondition.all {
            // The conditions told apart by a name in the message share a case, and the name is compared.
            let matching = Self.all.filter(condition.matches)
            #expect(matching.count <= 1, "\(condition.message) is \(matching)")
        }
        for error in Self.all {
            let matching = SeedCondition.all.filter { $0.matches(error) }
            #expect(matching.count <= 1, "\(error) is \(matching.map(\.message))")
        }
    }

    @Test func messagesNameBothNumbers() {
        let text = EstimatorError.trainBatchSizeNotDivisible(batchSize: 7, numShards: 8).description
        #expect(text.contains("7") && text.contains("8"))
    }
}
