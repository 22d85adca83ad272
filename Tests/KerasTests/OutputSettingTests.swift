import Formats
import OrderedCollections
import Testing

/// Losses, weights and metrics of several outputs, however they are written.
@Suite struct OutputSettingTests {
    /// A job whose model has the outputs `a`, of three numbers, and `b`, of two, without data that would fit.
    private func job(
        loss: JSON = "mse", weights: JSON = nil, metrics: JSON = nil, version: FunctionalModel.Version = .keras3
    ) -> SmallJob {
        var model = FunctionalModel(version)
        model.input("x", [2])
        model.layer("Dense", "a", ["units": 3], calls: [model.call("x")])
        model.layer("Dense", "b", ["units": 2], calls: [model.call("x")])
        model.outputs = [["a", 0, 0], ["b", 0, 0]]
        var job = SmallJob.with("model", model.json)
        job.spec["loss"] = loss
        job.spec["loss_weights"] = weights
        job.spec["metrics"] = metrics
        return job
    }

    /// The faults beside the one of the labels, which are one where the model has two outputs.
    private func faults(_ job: SmallJob) -> [String] {
        job.faults.filter {
            !$0.hasSuffix("has 1 labels, but the model has 2 outputs (a, b)")
        }
    }

    @Test(
        arguments: [
            "mse", ["mse", "mse"], ["a": "mse", "b": "mse"], ["MeanSquaredError": [:]], ["mse", nil], ["b": "mse"],
            ["a": ["MeanSquaredError": [:]], "b": ["class_name": "MeanSquaredError", "config": [:]]],
        ] as [JSON])
    func lossesAreForAllOrByOutput(_ loss: JSON) {
        #expect(faults(job(loss: loss)).filter { $0.hasPrefix("/loss") } == [])
    }

    @Test func wrongLossesAreFound() {
        #expect(
            faults(job(loss: ["mse"])) == ["/loss: has 1 elements, but the model has 2 outputs: a, b"])
        func ofLoss(_ loss: JSON) -> [String] { faults(job(loss: loss)).filter { $0.hasPrefix("/loss") } }
        #expect(ofLoss(["a": "mse", "c": "mse"]) == ["/loss/c: is not a known field"])
        #expect(faults(job(loss: ["c": "mse"])).contains { $0.hasPrefix("/loss/c: ") })
        #expect(ofLoss(["a": "mee", "b": "mse"]).map { $0.prefix(9) } == ["/loss/a: "])
        #expect(
            faults(job(loss: [nil, nil])) == ["/loss: gives none of the model's outputs a loss: a, b"])
    }

    @Test func weightedMetricsAreReadAsMetrics() {
        for metrics in [["a": "mae", "b": ["mae", "mse"]], [["mae"], []], nil] as [JSON] {
            var one = job(metrics: metrics)
            one.spec["weighted_metrics"] = metrics
            #expect(faults(one) == [], "\(metrics)")
        }
        var wrong = job()
        wrong.spec["weighted_metrics"] = ["a": ["mae", "mae"], "b": "mee"]
        let found = faults(wrong)
        #expect(
            found.contains { $0.hasPrefix("/weighted_metrics/a/1: \"a_mae\" is another metric's name") }, "\(found)")
        #expect(found.contains { $0.hasPrefix("/weighted_metrics/b: \"mee\" is not a known metric") }, "\(found)")
    }

    @Test func weightsAreByOutput() {
        for weights in [["a": 0.5, "b": 2], [0.5, 2], ["b": 2], nil] as [JSON] {
            #expect(faults(job(weights: weights)) == [], "\(weights)")
        }
        #expect(
            faults(job(weights: 2)) == [
                "/loss_weights: must be an object by the names of the model's outputs, or a list in their order, not 2"
            ])
        #expect(faults(job(weights: ["a": "x"])) == ["/loss_weights/a: must be a finite number, not \"x\""])
        #expect(
            faults(job(weights: [1])) == ["/loss_weights: has 1 elements, but the model has 2 outputs: a, b"])
    }

    @Test func metricsAreByOutput() {
        for metrics in [["a": ["mse", "mae"], "b": "mse"], [["mse"], ["mse"]], ["mse", "mae"], nil] as [JSON] {
            #expect(faults(job(metrics: metrics)) == [], "\(metrics)")
        }
        // Keras 2 gives each output all of a plain list, Keras 3 each its own.
        #expect(faults(job(metrics: ["mse", "mae", "mse"])).first?.hasPrefix("/metrics: has 3 elements") == true)
        #expect(
            faults(job(metrics: ["mse", "mae", "mse"], version: .keras2)).first?
                .contains("\"a_mse\" is another metric's name, too") == true)
        #expect(faults(job(metrics: ["mse", "mae", "acc"], version: .keras2)) == [])
        #expect(
            faults(job(metrics: ["a": [["MeanSquaredError": ["name": "loss"]]]])).first?
                .contains("\"a_loss\" is another metric's name, too") == true)
        #expect(
            faults(job(metrics: "mse"))
                == ["/metrics: must be a list, or an object by the names of the model's outputs, not \"mse\""])
    }

    @Test func aModelAtFaultAddsNothing() {
        var job = job(loss: ["a": "mse", "b": "mse"], weights: ["a": 1], metrics: ["a": ["mse"]])
        job.spec["model"] = [["Dense": ["units": -1]]]
        #expect(job.faults.allSatisfy { $0.hasPrefix("/model/0/Dense/units") }, "\(job.faults)")
    }
}
