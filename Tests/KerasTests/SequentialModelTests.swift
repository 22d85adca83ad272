import Formats
import OrderedCollections
import Testing

@Suite struct SequentialModelTests {
    /// Variables have their layer's name, and each layer takes what the one before it made.
    @Test func layersFollowEachOther() throws {
        let made = try SmallModel(
            [
                ["Flatten": [:]], ["Dense": ["units": 2, "name": "a"]], ["Rescaling": ["scale": 10]],
                ["Dense": ["units": 1, "name": "b", "use_bias": false]],
            ],
            rows: NDArray([1, 2, 3, 4] as [Float], shape: [2, 2, 1]),
            variables: [
                "a/kernel": NDArray([1, 0, 1, 1] as [Float], shape: [2, 2]), "a/bias": NDArray([0, 1] as [Float]),
                "b/kernel": NDArray([1, -1] as [Float], shape: [2, 1]),
            ])
        #expect(made.shape == [2, 1])
        // (3, 3) and (7, 5), ten times.
        #expect(made.output == [0, 20])
    }

    /// Whatever the data's type, models compute in float32.
    @Test func rowsBecomeFloats() throws {
        let layers: JSON = [["Rescaling": ["scale": 0.5]]]
        #expect(try SmallModel(layers, rows: NDArray([1, 255] as [UInt8], shape: [2, 1])).output == [0.5, 127.5])
        #expect(try SmallModel(layers, rows: NDArray([-3, 4] as [Int32], shape: [2, 1])).output == [-1.5, 2])
    }

    /// A row may have 2^31 numbers after each layer, and not one vector more.
    @Test func rowsHaveALimit() {
        func job(_ units: Int) -> SmallJob {
            var job = SmallJob.training([
                "synthetic": ["features": ["shape": [65536, 1]], "labels": ["shape": [1]], "examples": 1]
            ])
            job.spec["train_batch_size"] = 1
            job.spec["loss"] = "mse"
            job.spec["metrics"] = nil
            job.spec["model"] = [["Dense": ["units": JSON(units)]], ["Flatten": [:]], ["Dense": ["units": 1]]]
            return job
        }
        // As many as a row may have; they are also as many as a kernel may have.
        #expect(job(32768).faults == [])
        #expect(
            job(32769).faults == [
                "/model/0: dense makes rows of shape [65536, 32769], more than 2147483648 numbers each"
            ])
    }
}
