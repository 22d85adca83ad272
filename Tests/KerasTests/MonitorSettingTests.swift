import Formats
import Keras
import OrderedCollections
import Testing

/// Which numbers are better where the mode is not given.
@Suite struct MonitorSettingTests {
    @Test(
        arguments: [
            ("accuracy", "max"), ("AUC", "max"), ("Precision", "max"), ("MeanSquaredError", "min"), ("mae", "min"),
            ("SparseCategoricalCrossentropy", "min"), ("FalsePositives", "min"), ("CosineSimilarity", "max"),

        ]) func known(metric: String, mode: String) throws
    {
        var job = SmallJob().withThreeLabels()
        job.spec["loss"] = "mse"
        job.spec["metrics"] = [JSON.string(metric)]
        if metric.hasPrefix("Sparse") {
            job = SmallJob()
            job.spec["metrics"] = [JSON.string(metric)]
        }
        job.spec["run_config"] = ["keep_best": ["monitor": JSON.string(metric)]]
        let definition = try #require(job.definition, "\(job.faults)")
        #expect(definition.canonical["run_config"]?["keep_best"]?["mode"]?.string == mode)
    }

    @Test func unknown() {
        var job = SmallJob()
        job.spec["metrics"] = [["SparseCategoricalAccuracy": ["name": "hits"]]]
        job.spec["run_config"] = ["keep_best": ["monitor": "hits"]]
        #expect(
            job.faults == [
                "/run_config/keep_best/mode: is required: whether larger or smaller numbers are better can't be told from the "
                    + "name \"hits\"; expected \"max\" or \"min\""
            ])
        job.spec["run_config"] = ["keep_best": ["monitor": "hits", "mode": "max"]]
        #expect(job.faults.isEmpty)
    }
}
