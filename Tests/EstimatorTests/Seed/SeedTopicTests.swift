import Estimator
import Formats
import Testing

/// The comparison itself, fed what it has to refuse.
@Suite struct SeedTopicTests {
    private func differences(_ observed: Observed, from expected: String) throws -> [String] {
        observed.differences(from: try JSON(parsing: expected), ignoring: SeedTopic.notCompared)
    }

    @Test func sameIsSame() throws {
        let observed = Observed.object(["a": .ints([1, -2]), "b": .optional(String?.none), "c": .bool(true)])
        #expect(try differences(observed, from: #"{"a": [1, -2], "b": null, "c": true}"#).isEmpty)
        #expect(try differences(observed, from: #"{"a": [1, -2], "b": null, "c": true, "use_resource": 1}"#).isEmpty)
    }

    @Test(arguments: [
        #"{"a": [1, 2]}"#, #"{"a": [1]}"#, #"{"a": [1, -2], "b": null}"#, #"{}"#, #"[]"#, #"{"a": ["1", -2]}"#,
        #"{"a": {"type": "ValueError", "message": "", "origin": "language"}}"#,
    ])
    func otherIsOther(expected: String) throws {
        #expect(try !differences(.object(["a": .ints([1, -2])]), from: expected).isEmpty)
    }

    @Test func conditionsAreNotMixedUp() throws {
        let expected = try JSON(
            parsing: #"{"type": "RuntimeError", "message": "`mode` needs to be set via x", "origin": "source"}"#)
        #expect(SeedCondition.differences(of: EstimatorError.modeNotSet, from: expected).isEmpty)
        #expect(!SeedCondition.differences(of: EstimatorError.coreAndHostGiven, from: expected).isEmpty)
        #expect(!SeedCondition.differences(of: InjectedFailure(), from: expected).isEmpty)
        let wrongClass = try JSON(
            parsing: #"{"type": "ValueError", "message": "`mode` needs to be set via x", "origin": "source"}"#)
        #expect(!SeedCondition.differences(of: EstimatorError.modeNotSet, from: wrongClass).isEmpty)
        let unknown = try JSON(parsing: #"{"type": "ValueError", "message": "?", "origin": "source"}"#)
        #expect(!SeedCondition.differences(of: EstimatorError.modeNotSet, from: unknown).isEmpty)
    }

    @Test func successWhereAFailureIsExpectedIsADifference() throws {
        let each = try SeedCase(
            JSON(
                parsing: """
                    {"id": "x-1", "kind": "k", "input": {}, "error":
                     {"type": "ValueError", "message": "One of num_steps or last_step must be specified.",
                      "origin": "source"}}
                    """))
        #expect(!SeedTopic.differences(of: each, from: .object(["accepted": .bool(true)])).isEmpty)
        #expect(SeedTopic.differences(of: each, from: .failure(EstimatorError.noStepLimit)).isEmpty)
        #expect(!SeedTopic.differences(of: each, from: .failure(EstimatorError.twoStepLimits)).isEmpty)
    }
}
