import Datasets
import Formats
import OrderedCollections
import Testing

/// Which arrays of a record are which inputs and outputs of a model.
@Suite struct InputArrangementTests {
    /// A model of these inputs and outputs, on the rows of one array.
    private static func job(inputs: [String], outputs: [String], losses: JSON = "mse") -> SmallJob {
        var model = FunctionalModel(.keras3)
        for name in inputs { model.input(name, [2]) }
        for (place, name) in outputs.enumerated() {
            model.layer("Dense", name, ["units": 2], calls: [model.call(inputs[place % inputs.count])])
        }
        model.outputs = .array(outputs.map { [JSON($0), 0, 0] })
        var job = SmallJob.training([
            "synthetic": ["features": ["shape": [2]], "labels": ["shape": [2]], "examples": 12]
        ])
        job.spec["model"] = model.json
        job.spec["loss"] = losses
        job.spec["metrics"] = nil
        return job
    }

    /// One array is the one input, whatever both are called.
    @Test func oneIsTheOther() {
        for name in ["features", "labels", "anything"] {
            #expect(Self.job(inputs: [name], outputs: ["y"]).faults == [])
        }
        #expect(Self.job(inputs: ["x"], outputs: ["labels"]).faults == [])
    }

    @Test func thereAreAsManyAsAreTaken() {
        #expect(
            Self.job(inputs: ["x", "features"], outputs: ["y"], losses: ["y": ["MeanSquaredError": [:]]]).faults == [
                "/train/input/source: has 1 features, but the model takes 2 (x, features)"
            ])
        #expect(
            Self.job(inputs: ["x"], outputs: ["y", "z"]).faults == [
                "/train/input/source: has 1 labels, but the model has 2 outputs (y, z)"
            ])
        // Labels of outputs that are neither trained nor measured are not needed.
        for name in ["y", "z"] {
            let losses: JSON = [name: ["MeanSquaredError": [:]]]
            #expect(Self.job(inputs: ["x"], outputs: ["y", "z"], losses: losses).faults == [])
        }
    }
}
