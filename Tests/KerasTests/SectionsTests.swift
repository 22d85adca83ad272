import Formats
import OrderedCollections
import Testing

@Suite struct SectionsTests {
    /// The job with one member of a section set.
    private func job(_ section: String, _ name: String, _ value: JSON, tpu: Bool = false) -> SmallJob {
        var job = SmallJob()
        job.spec["use_tpu"] = JSON(tpu)
        job.spec["tpu_config"] = ["num_shards": 2]
        job.spec[section]?[name] = value
        return job
    }

    @Test func aSectionThatTheModeNeedsIsRequired() {
        var job = SmallJob()
        job.spec["train"] = nil
        #expect(job.faults == ["/train: is required"])
        job.spec["mode"] = "evaluate"
        job.spec["warm_start_from"] = ["path": "none.safetensors"]
        #expect(job.faults == ["/warm_start_from/path: none.safetensors does not exist under the data roots"])
        job.spec["train"] = [:]
        #expect(job.faults.contains("/train: has no meaning with the mode \"evaluate\"; leave it out"))
    }

    @Test func whereToStopIsSaidOnce() {
        #expect(
            job("train", "steps", 3).faults == [
                "/train/max_steps: can't be given together with steps: give one of them"
            ])
        #expect(
            job("train", "max_steps", nil, tpu: true).faults == [
                "/train/max_steps: is required, or steps: training on the TPU needs to know where to stop"
            ])
        // On the CPU training ends with the input.
        #expect(job("train", "max_steps", nil).faults == [])
    }

    /// 12 rows in batches of 4.
    @Test func theInputHasWhatIsAskedFor() {
        var job = job("train", "max_steps", 3)
        job.spec["train"]?["input"]?["repeat"] = 1
        #expect(job.faults == [])
        job.spec["train"]?["max_steps"] = 4
        #expect(
            job.faults == [
                "/train/input: ends after 3 batches of 4 rows (12 rows, read 1 times), but 4 steps are asked for; leave "
                    + "repeat out"
            ])
        job.spec["train_batch_size"] = 13
        job.spec["train"]?["input"]?["drop_remainder"] = true
        let fault =
            "/train/input: gives no batch: its 12 rows, read 1 times, don't fill one of 13 rows; give a smaller "
            + "train_batch_size, or leave repeat out"
        #expect(job.faults == [fault])
        // Also where nothing says where to stop.
        job.spec["train"]?["max_steps"] = nil
        #expect(job.faults == [fault])
        job.spec["train"]?["input"]?["drop_remainder"] = false
        job.spec["train"]?["max_steps"] = 1
        #expect(job.faults == [])
    }

    @Test func evaluationHasTheBatchesThatAreAskedFor() {
        var job = job("evaluate", "steps", 3)
        job.spec["evaluate"]?["input"]?["batch_size"] = 4
        #expect(job.faults == [])
        job.spec["evaluate"]?["steps"] = 4
        #expect(
            job.faults == [
                "/evaluate/steps: 4 batches of 4 rows are asked for, but the input's 12 rows give 3"
            ])
        job.spec["evaluate"]?["every_steps"] = 0
        #expect(job.faults.contains("/evaluate/every_steps: must be a whole number from 1 to 9007199254740991, not 0"))
    }

    /// Each of both sections tells its own faults.
    @Test func bothSectionsAreRead() {
        var job = job("train", "input", "x.csv")
        job.spec["evaluate"] = ["input": nil, "stepz": 3]
        #expect(
            job.faults.map { $0.prefix { $0 != ":" } } == ["/train/input", "/evaluate/input", "/evaluate/stepz"],
            "\(job.faults)")
    }
}
