import Formats
import OrderedCollections
import Testing

@Suite struct LossDefinitionTests {
    private func job(_ loss: JSON, labels: JSON = ["classes": 3]) -> SmallJob {
        var job = SmallJob.with("loss", loss)
        job.spec["metrics"] = nil
        for section in ["train", "evaluate"] {
            job.spec[section]?["input"]?["source"]?["synthetic"]?["labels"] = labels
        }
        return job
    }

    /// Which shapes of one row's label go with an output of three numbers.
    static let shapes: [(loss: JSON, labels: JSON, fits: Bool)] = [
        ("mse", ["shape": [3]], true), ("mse", ["shape": [3, 1]], true), ("mse", ["shape": [2]], false),
        ("mse", ["shape": []], false), ("mse", ["classes": 3], false),
        ("sparse_categorical_crossentropy", ["classes": 3], true),
        ("sparse_categorical_crossentropy", ["classes": 2], true),
        ("sparse_categorical_crossentropy", ["classes": 100], false),
        ("sparse_categorical_crossentropy", ["shape": [3], "dtype": "int64"], false),
        ("categorical_crossentropy", ["shape": [3]], true), ("categorical_crossentropy", ["shape": [3, 1]], false),
        ("categorical_crossentropy", ["classes": 3], false), ("categorical_hinge", ["shape": [3]], true),
        (["CosineSimilarity": ["axis": 1]], ["shape": [3]], true),
        (["CosineSimilarity": ["axis": 2]], ["shape": [3]], false),
        (["Dice": ["axis": [0, 1]]], ["shape": [3]], true), (["Dice": ["axis": [1, -1]]], ["shape": [3]], false),
        (["CategoricalFocalCrossentropy": ["alpha": [1, 2, 3]]], ["shape": [3]], true),
        (["CategoricalFocalCrossentropy": ["alpha": [1, 2]]], ["shape": [3]], false),
    ]

    @Test(arguments: shapes.indices) func labelsFitOrAreRefused(_ index: Int) {
        let row = Self.shapes[index]
        let faults = job(row.loss, labels: row.labels).faults
        #expect(faults.isEmpty == row.fits, "\(faults)")
        #expect(faults.allSatisfy { $0.contains("/input/source: ") }, "\(faults)")
    }

    @Test func messagesTellTheWayOut() {
        #expect(
            job("categorical_crossentropy").faults.contains(
                "/train/input/source: categorical cross-entropy takes labels of the output's shape [3], a number for each "
                    + "class; a row's label has the shape []; class numbers become vectors by one_hot in map"))
        #expect(
            job("sparse_categorical_crossentropy", labels: ["shape": [3], "dtype": "int64"]).faults.contains(
                "/train/input/source: sparse categorical cross-entropy over 3 classes takes one class number a row; a row's "
                    + "label has the shape [3]; for labels with a number for each class take the loss without sparse"))
        #expect(
            job(["Dice": ["axis": [1, -1]]], labels: ["shape": [3]]).faults.contains(
                "/train/input/source: Dice loss names one axis twice: [1, -1]"))
    }

    /// A list of class numbers goes with an output of steps, and has no weight of its class.
    @Test func sequencesFitTheSteps() {
        func faults(_ length: Int, model: JSON? = nil, weights: JSON? = nil) -> [String] {
            var job = job("ctc", labels: ["shape": [JSON(length)], "dtype": "int64"])
            job.spec["mode"] = "train"
            job.spec["evaluate"] = nil
            if let model { job.spec["model"] = model }
            if let weights { job.spec["train"]?["class_weight"] = weights }
            return job.faults
        }
        let steps: JSON = [["Dense": ["units": 8, "input_shape": [2]]], ["Reshape": ["target_shape": [4, 2]]]]
        #expect(faults(1, model: steps) == [] && faults(4, model: steps) == [])
        #expect(
            faults(5, model: steps) == [
                "/train/input/source: connectionist temporal classification takes a list of at most 4 class numbers a row, as "
                    + "the output has so many steps; a row's label has the shape [5]"
            ])
        #expect(
            faults(2) == [
                "/train/input/source: connectionist temporal classification takes an output [steps, classes], and the "
                    + "model's is [3]"
            ])
        #expect(
            faults(2, model: steps, weights: ["1": 2]) == [
                "/train/class_weight: goes by the class of a row, and the loss takes a list of classes a row"
            ])
    }

    /// A label that is the number of no class is one where it is ignored, and only there.
    @Test func ignoredClass() {
        let labels: JSON = ["classes": 100]
        #expect(job(["SparseCategoricalCrossentropy": ["ignore_class": 255]], labels: labels).faults.isEmpty)
        #expect(!job(["SparseCategoricalCrossentropy": ["ignore_class": 2]], labels: labels).faults.isEmpty)
        let effects = [nil, 1, 2].map { job(["SparseCategoricalCrossentropy": ["ignore_class": $0]]).effect }
        #expect(Set(effects).count == 3 && !effects.contains(nil))
    }

    @Test func whatIsNotThereIsToldAsSuch() {
        #expect(
            job(["SparseCategoricalCrossentropy": ["axis": 1]]).faults == [
                "/loss/SparseCategoricalCrossentropy/axis: is not supported yet"
            ])
        #expect(
            job(["MeanSquaredError": ["reduction": "sums", "from_logits": true]], labels: ["shape": [3]]).faults.count
                == 2)
        #expect(job("crossentropy").codes == [SpecError.notSupported])
        #expect(
            job(["MeanSquaredError": ["dtype": "float16"]], labels: ["shape": [3]]).codes == [SpecError.notSupported])
        #expect(
            job(["CosineSimilarity": ["axis": 0]], labels: ["shape": [3]]).faults == [
                "/loss/CosineSimilarity/axis: must not be 0, the batch's axis: give an axis of a row, or -1 for the last"
            ])
    }
}
