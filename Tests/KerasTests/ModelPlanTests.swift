import Formats
import Keras
import OrderedCollections
import Testing

@Suite struct ModelPlanTests {
    private static func job(_ layers: JSON) -> SmallJob { SmallJob.with("model", layers) }

    /// Layers are listed in the model's order, each with what it makes and has.
    @Test func layersAreCounted() throws {
        let job = Self.job([
            ["Dense": ["units": 4, "name": "b"]], ["Dense": ["units": 5, "name": "a", "trainable": false]],
            ["Dense": ["units": 3, "name": "c", "use_bias": false]],
        ])
        let plan = try #require(job.definition, "\(job.faults)").plan()
        #expect(plan.parameters == (2 * 4 + 4) + (4 * 5 + 5) + 5 * 3)
        #expect(
            plan.variables.map { "\($0.name) \($0.isTrainable)" } == [
                "b/kernel true", "b/bias true", "a/kernel false", "a/bias false", "c/kernel true",
            ])
    }

    /// A name with the path of another variable in it.
    @Test func variablesHaveNamesOfTheirOwn() {
        let inside: JSON = ["Sequential": ["name": "a", "layers": [["Dense": ["units": 3, "name": "b"]]]]]
        #expect(Self.job([inside, ["Dense": ["units": 3, "name": "b"]]]).faults == [])
        #expect(
            Self.job([inside, ["Dense": ["units": 3, "name": "a/b"]]]).faults == [
                "/model/1: \"a/b/kernel\" is another variable's name, too; give the layer another name"
            ])
    }

    /// A regularizer that is for matrices alone, on a bias.
    @Test func regularizersAndConstraintsFitTheirVariables() {
        let faults = Self.job([["Dense": ["units": 3, "bias_regularizer": ["OrthogonalRegularizer": [:]]]]]).faults
        #expect(
            faults.count == 1 && faults[0].hasPrefix("/model/0: the regularizer of dense/bias does not fit: "),
            "\(faults)")
        let limited = Self.job([["Dense": ["units": 3, "bias_constraint": ["MaxNorm": ["axis": 1]]]]]).faults
        #expect(
            limited.count == 1 && limited[0].hasPrefix("/model/0: the constraint of dense/bias does not fit: it "),
            "\(limited)")
    }

    /// Rows grow past any limit of a plan before their numbers are more than can be counted.
    @Test func manyNumbersAreTooMany() {
        var job = SmallJob.training([
            "synthetic": ["features": ["shape": [1024, 1]], "labels": ["shape": [1]], "examples": 1]
        ])
        job.spec["loss"] = "mse"
        job.spec["metrics"] = nil
        func faults(_ batch: Int, _ units: Int) -> [String] {
            job.spec["train_batch_size"] = JSON(batch)
            job.spec["model"] = [
                ["Dense": ["units": JSON(units), "use_bias": false]], ["Flatten": [:]],
                ["Dense": ["units": 1, "use_bias": false]],
            ]
            return job.faults
        }
        #expect(
            faults(Int(Int32.max), 1024).first
                == "/model: needs more than 1099511627776 bytes for batches of 2147483647 rows of shape [1024, 1]: make the "
                + "batch, the layers or prefetch smaller")
        #expect(
            faults(1, 2_097_153) == [
                "/model/0: dense makes rows of shape [1024, 2097153], more than 2147483648 numbers each"
            ])
    }
}
