import Estimator
import Testing

/// What the cases of `structure` leave open: before the first call, and a list that is not as recorded.
struct StructureRecorderTests {
    private let features = Structure<Int>.named(["a": 1, "b": 2])

    @Test func namesKeepTheOrderOfTheFirstCall() throws {
        var recorder = StructureRecorder()
        #expect(try recorder.flatten(features, .single(3)) == [1, 2, 3])
        #expect(try recorder.flatten(.named(["b": 20, "a": 10]), .single(30)) == [10, 20, 30])
        let restored = try recorder.unflatten(["x", "y", "z"])
        #expect(restored.features == .named(["a": "x", "b": "y"]) && restored.labels == .single("z"))
    }

    @Test func aFailedCallLeavesWhatWasRecorded() throws {
        var recorder = StructureRecorder()
        try recorder.validateAndRecord(features, nil)
        #expect(throws: EstimatorError.featureKeysMismatched) { try recorder.flatten(Structure.single(1), nil) }
        #expect(throws: EstimatorError.labelPresenceMismatched) { try recorder.flatten(features, .single(1)) }
        #expect(throws: EstimatorError.labelKeysMismatched) { try recorder.flatten(features, .named(["c": 1])) }
        #expect(try recorder.flatten(features, nil) == [1, 2])
    }

    @Test func aListOfAnotherLengthIsRefused() throws {
        var recorder = StructureRecorder()
        try recorder.validateAndRecord(features, .single(1))
        #expect(throws: EstimatorError.flattenedCountMismatched(expected: 3, actual: 2)) {
            try recorder.unflatten([1, 2])
        }
    }

    @Test func withoutACallItIsOneTensor() throws {
        let recorder = StructureRecorder()
        #expect(!recorder.hasLabels)
        #expect(try recorder.unflatten([7]).features == .single(7))
    }
}
