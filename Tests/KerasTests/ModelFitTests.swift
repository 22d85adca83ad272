import Datasets
import Formats
import OrderedCollections
import Testing

@Suite struct ModelFitTests {
    private static func input(labels: JSON) -> JSON {
        ["source": ["synthetic": ["features": ["shape": [2]], "labels": labels, "examples": 12]]]
    }

    /// The job with a loss over numbers, and labels of these shapes.
    private static func squares(train: JSON, evaluate: JSON, _ metrics: JSON) -> SmallJob {
        var job = SmallJob.with("loss", "mse")
        job.spec["metrics"] = metrics
        job.spec["train"]?["input"] = input(labels: ["shape": train])
        job.spec["evaluate"]?["input"] = input(labels: ["shape": evaluate])
        return job
    }

    /// Metrics compare what the evaluation reads, whose labels may be written in another shape than the training's.
    @Test func metricsAreThoseOfTheEvaluation() {
        let metrics: JSON = ["categorical_accuracy"]
        #expect(Self.squares(train: [3], evaluate: [3], metrics).faults == [])
        #expect(Self.squares(train: [3, 1], evaluate: [3], metrics).faults == [])
        #expect(
            Self.squares(train: [3], evaluate: [3, 1], metrics).faults == [
                "/metrics/0: categorical_accuracy can't compare labels of shape [3, 1] with an output of [3]"
            ])
    }

    /// Each input is held against the model and the loss.
    @Test func bothInputsAreHeldAgainstTheModel() {
        let why = "mean squared error takes labels of the output's shape [3]; a row's label has the shape"
        #expect(
            Self.squares(train: [2], evaluate: [4], nil).faults == [
                "/train/input/source: \(why) [2]", "/evaluate/input/source: \(why) [4]",
            ])
    }

    /// Where shapes can't be followed through the model, nothing else is said of it.
    @Test func aLayerThatCantTakeItsInputIsTheOnlyFault() {
        var job = Self.squares(train: [2], evaluate: [4], ["categorical_accuracy"])
        job.spec["model"] = [["Rescaling": ["scale": [1, 2, 3]]], ["Dense": ["units": 3]]]
        #expect(job.faults.count == 1 && job.faults[0].hasPrefix("/model/0: scale has 3 numbers"))
    }

    @Test func somethingIsTrained() {
        func job(_ model: JSON) -> SmallJob {
            var job = SmallJob.training([
                "synthetic": ["features": ["shape": [2]], "labels": ["classes": 2], "examples": 12]
            ])
            job.spec["model"] = model
            return job
        }
        func dense(_ isTrained: Bool) -> JSON { ["Dense": ["units": 2, "trainable": JSON(isTrained)]] }
        #expect(
            job([["Flatten": [:]]]).faults == [
                "/model: has no trainable variable: none of its layers has variables, so that training would change nothing"
            ])
        #expect(
            job([["Flatten": [:]], dense(false), dense(false)]).faults == [
                "/model: has no trainable variable: every layer that has variables says \"trainable\": false, so that "
                    + "training would change nothing"
            ])
        #expect(job([dense(false), dense(true)]).faults == [])
    }

    /// The model's own shape rules, and without one the training's rows.
    @Test func theModelsShapeRules() {
        var job = SmallJob.with("model", [["Dense": ["units": 3]]])
        #expect(job.faults == [])
        job.spec["evaluate"]?["input"]?["source"]?["synthetic"]?["features"] = ["shape": [5]]
        #expect(
            job.faults == [
                "/evaluate/input: gives rows of shape [5], but the model takes [2] (/model); a reshape in map helps where "
                    + "the counts agree"
            ])
        job.spec["model"] = [["Dense": ["units": 3, "input_shape": [5]]]]
        #expect(
            job.faults == [
                "/train/input: gives rows of shape [2], but the model takes [5] (/model/0/Dense/input_shape); a reshape in "
                    + "map helps where the counts agree"
            ])
    }

    /// Labels that are class numbers are held against the classes in the worker, too.
    @Test func theClassesGoWithTheInput() throws {
        func classes(_ job: SmallJob) throws -> [String] {
            try #require(job.effect).matches(of: /classes: (Optional\(\d+\)|nil)/).map { String($0.1) }
        }
        #expect(try classes(SmallJob()).filter { $0 != "nil" } == ["Optional(3)", "Optional(3)"])
        #expect(try classes(Self.squares(train: [3], evaluate: [3], nil)).filter { $0 != "nil" } == [])
    }
}
