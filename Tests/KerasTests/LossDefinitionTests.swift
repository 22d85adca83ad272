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

    @Test func namesOfOneLossAreTheSame() {
        let numbers: JSON = ["shape": [3]]
        let squares = ["mse", "MSE", "mean_squared_error", "MeanSquaredError"].map {
            job(.string($0), labels: numbers).effect
        }
        #expect(squares[0] != nil && Set(squares).count == 1)
        let short = job(["MeanSquaredError": ["name": "x", "reduction": "sum_over_batch_size"]], labels: numbers).effect
        #expect(short == squares[0])
        let sparse = job("sparse_categorical_crossentropy").effect
        #expect(sparse != nil && sparse == job(["SparseCategoricalCrossentropy": ["from_logits": false]]).effect)
        #expect(sparse != job(["SparseCategoricalCrossentropy": ["from_logits": true]]).effect)
    }

    /// Which shapes of one row's label go with an output of three numbers.
    static let shapes: [(loss: JSON, labels: JSON, fits: Bool)] = [
        ("mse", ["shape": [3]], true), ("mse", ["shape": [3, 1]], true), ("mse", ["shape": [2]], false),
        ("mse", ["shape": []], false), ("mse", ["classes": 3], false),
        ("sparse_categorical_crossentropy", ["classes": 3], true),
        ("sparse_categorical_crossentropy", ["classes": 2], true),
        ("sparse_categorical_crossentropy", ["classes": 100], false),
        ("sparse_categorical_crossentropy", ["shape": [3], "dtype": "int64"], false),
    ]

    @Test(arguments: shapes.indices) func labelsFitOrAreRefused(_ index: Int) {
        let row = Self.shapes[index]
        let faults = job(row.loss, labels: row.labels).faults
        #expect(faults.isEmpty == row.fits, "\(faults)")
        #expect(faults.allSatisfy { $0.contains("/input/source: ") }, "\(faults)")
    }

    @Test func whatIsNotThereIsToldAsSuch() {
        #expect(
            job(["SparseCategoricalCrossentropy": ["ignore_class": 2]]).faults == [
                "/loss/SparseCategoricalCrossentropy/ignore_class: is not supported yet"
            ])
        #expect(
            job(["MeanSquaredError": ["reduction": "sum", "from_logits": true]], labels: ["shape": [3]]).faults == [
                "/loss/MeanSquaredError/reduction: is not supported yet",
                "/loss/MeanSquaredError/from_logits: is not a known field",
            ])
        #expect(job("hinge").codes == [SpecError.notSupported])
        #expect(
            job(["MeanSquaredError": ["dtype": "float16"]], labels: ["shape": [3]]).codes == [SpecError.notSupported])
    }
}
