import Formats
import OrderedCollections
import Testing

@Suite struct InputFitTests {
    private static func job(
        _ shape: [Int], labels: JSON, model: JSON, loss: JSON = "sparse_categorical_crossentropy"
    ) -> SmallJob {
        var job = SmallJob.training([
            "synthetic": ["features": ["shape": JSON(shape)], "labels": labels, "examples": 12]
        ])
        job.spec["model"] = model
        job.spec["loss"] = loss
        job.spec["metrics"] = nil
        return job
    }

    private static func dense(_ units: Int) -> JSON { ["Dense": ["units": JSON(units)]] }

    private static let source = "/train/input/source"

    @Test func labelsAreNeededAndFit() {
        #expect(
            Self.job([2], labels: nil, model: [Self.dense(3)]).faults == [
                "\(Self.source): has no labels, and the loss needs them"
            ])
        #expect(
            Self.job([2], labels: ["shape": [4]], model: [Self.dense(3)]).faults == [
                "\(Self.source): sparse categorical cross-entropy over 3 classes takes one class number a row; a row's label "
                    + "has the shape [4]"
            ])
    }

    @Test func labelsAreNumbersOfClasses() {
        #expect(Self.job([2], labels: ["classes": 3], model: [Self.dense(3)]).faults == [])
        let faults = Self.job([2], labels: ["classes": 3], model: [Self.dense(2)]).faults
        #expect(
            faults.count == 1 && faults[0].hasPrefix("\(Self.source): the label of row ")
                && faults[0].hasSuffix(
                    " is 2, but there are 2 classes (0 to 1), as many as the numbers of the model's output"),
            "\(faults)")
    }

    /// The first Dense works on the last axis alone, so that the other axes come through.
    @Test func aFlattenThatIsMissingIsNamed() {
        let hint =
            "a Flatten seems to be missing before the first Dense, which works on the last axis alone"
        #expect(
            Self.job([8, 8], labels: ["classes": 10], model: [Self.dense(10)]).faults == [
                "/model: makes an output of shape [8, 10] of each row, but a row's label has the shape []: \(hint)"
            ])
        #expect(
            Self.job([4, 5, 6], labels: ["shape": [1]], model: [Self.dense(1)], loss: "mse").faults == [
                "/model: makes an output of shape [4, 5, 1] of each row, but a row's label has the shape [1]: \(hint)"
            ])
        // Of labels with as many axes it is not so sure.
        let close = Self.job([4, 5], labels: ["shape": [3]], model: [Self.dense(1)], loss: "mse").faults
        #expect(close.count == 1 && close[0].hasPrefix("\(Self.source): mean squared error takes"), "\(close)")
        // Nor where there is one already.
        let flat = Self.job([8, 8], labels: ["shape": [3]], model: [["Flatten": [:]], Self.dense(10)]).faults
        #expect(flat.count == 1 && flat[0].hasPrefix("\(Self.source): sparse"), "\(flat)")
    }

    /// Features, size and labels are told each for itself.
    @Test func allThatDoesNotFitIsTold() {
        var job = Self.job([2], labels: nil, model: [["Dense": ["units": 3, "input_shape": [5]]]])
        job.spec["train_batch_size"] = 2_147_483_647
        job.spec["train"]?["input"]?["prefetch"] = 1024
        #expect(
            job.faults.map { $0.prefix { $0 != ":" } } == ["/train/input", "/model", "/train/input/source"],
            "\(job.faults)")
    }

    /// A row of two features and a label takes 12 bytes of the infeed, 1024 times ahead, and as five numbers of the model
    /// 20 more; the variables have 36 bytes. 2^40 bytes are enough for 89333086 rows.
    @Test func aPlanHasItsLimitOfBytes() {
        var job = Self.job([2], labels: ["classes": 3], model: [Self.dense(3)])
        job.spec["train"]?["input"]?["prefetch"] = 1024
        job.spec["train_batch_size"] = 89_333_086
        #expect(job.faults == [])
        job.spec["train_batch_size"] = 89_333_087
        #expect(
            job.faults == [
                "/model: needs more than 1099511627776 bytes for batches of 89333087 rows of shape [2]: make the batch, the "
                    + "layers or prefetch smaller"
            ])
    }
}
